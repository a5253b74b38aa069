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
        try
        {
            var reading = RunAsync(read, givenUp.Token);
            var record = reading.IsCompletedSuccessfully
                ? reading.Result
                : await reading.WaitAsync(edge.Options.WaitLimit, edge.WaitClock, cancellation).ConfigureAwait(false);
            _outage.Succeeded();
            return (true, record);
        }
        catch (Exception failure) when (failure is StoreUnavailableException or TimeoutException)
        {
            // One record that cannot be read says nothing of the others.
            if (failure is RecordFailedException) _outage.Succeeded();
            else Failed();
            // A store that tries on for longer stops, and makes room for the next read. On this thread: the engine
            // leaves one by its handoff alone, so that the simulator can run all of it on one.
            givenUp.Cancel();
            edge.OnFailure(failure);
            return default;
        }
        finally
        {
            edge.Timings.Reads?.Record(edge.WaitClock.GetElapsedTime(began).TotalSeconds);
        }
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

    private async Task<T?> RunAsync<T>(Func<CancellationToken, ValueTask<T?>> read, CancellationToken cancellation)
        where T : class
    {
        try
        {
            return await read(cancellation).ConfigureAwait(false);
        }
        finally
        {
            Interlocked.Decrement(ref _underWay);
        }
    }
}
