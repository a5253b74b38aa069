using Limiter.Engine.Leases;
using Limiter.Engine.Ports;

namespace Limiter.Engine.Callers;

/// <summary>
/// Reads of the directory for checks: each is waited for as long as a bucket is, only so many are under way, and while
/// the directory is known to be out of reach one in each probe interval is sent. What was known and was not found
/// again for a while is not known any more. Thread-safe.
/// </summary>
internal sealed class DirectoryReads(Edge edge)
{
    /// <summary>Most reads under way; a further one counts as unreachable. Nobody queues for a slow store.</summary>
    public const int UnderWayMax = 1_000;

    private readonly Outage _outage = new(edge.WaitClock, edge.Options.ProbeInterval);
    private readonly Lock _failing = new();
    private EdgeTime _failedAt;
    private int _underWay;

    /// <summary>How long the directory was known to be out of reach.</summary>
    public TimeSpan Away => _outage.Duration;

    /// <summary>
    /// Milliseconds after the last failure in which the directory counts as out of reach: a probe is sent and given up
    /// in that time. Later nobody has asked, which is no news of it.
    /// </summary>
    public static long WatchedMs(LeaseOptions options) =>
        (long)((2 * options.ProbeInterval) + options.WaitLimit).TotalMilliseconds;

    /// <summary>Reads a record.</summary>
    /// <param name="read">Asks the directory.</param>
    /// <param name="cancellation">Ends the wait; the directory is not blamed for it.</param>
    /// <returns>Whether the directory was reached, and if so what it has: null for nothing.</returns>
    public async ValueTask<(bool IsReached, T? Record)> FindAsync<T>(
        Func<CancellationToken, ValueTask<T?>> read, CancellationToken cancellation)
        where T : class
    {
        if (IsWatched() && _outage.IsBarred()) return default;
        if (Interlocked.Increment(ref _underWay) > UnderWayMax)
        {
            Interlocked.Decrement(ref _underWay);
            return default;
        }
        var began = edge.WaitClock.GetTimestamp();
        using var givenUp = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var reading = Read(read, givenUp.Token);
        // Counted out first: whoever goes on with the answer may read again.
        if (reading.IsCompleted) Interlocked.Decrement(ref _underWay);
        else _ = CountOutAsync(reading);
        // Out of reach, every check of an unknown caller fails: what happened is looked at, and thrown to nobody.
        var waiting = reading.WaitAsync(edge.Options.WaitLimit, edge.WaitClock, cancellation);
        await ((Task)waiting).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        edge.Timings.Reads?.Record(edge.WaitClock.GetElapsedTime(began).TotalSeconds);
        var failure = waiting.Exception?.InnerException;
        if (failure is not (StoreUnavailableException or TimeoutException))
        {
            var record = await waiting.ConfigureAwait(false);
            _outage.Succeeded();
            return (true, record);
        }
        // One record that cannot be read says nothing of the others.
        if (failure is RecordFailedException) _outage.Succeeded();
        else Failed();
        // A store that tries on for longer stops, and makes room for the next read. On this thread: the engine leaves
        // one by its handoff alone, so that the simulator can run all of it on one.
        givenUp.Cancel();
        edge.OnFailure(failure);
        return default;
    }

    // By the clocks that tell a record's age: after hours in which this machine slept, or nobody came by, nobody is to
    // go by a record of before.
    private bool IsWatched()
    {
        if (!_outage.IsKnown) return true;
        lock (_failing) return edge.Elapsed(edge.Now(), _failedAt) <= WatchedMs(edge.Options);
    }

    private void Failed()
    {
        lock (_failing) _failedAt = edge.Now();
        _outage.Failed();
    }

    private static Task<T?> Read<T>(Func<CancellationToken, ValueTask<T?>> read, CancellationToken cancellation)
        where T : class
    {
        try
        {
            return read(cancellation).AsTask();
        }
#pragma warning disable CA1031 // A store that throws at once has failed as one that does so later.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            return Task.FromException<T?>(failure);
        }
    }

    private async Task CountOutAsync(Task reading)
    {
        await reading.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        Interlocked.Decrement(ref _underWay);
    }
}
