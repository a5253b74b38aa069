using Limiter.Domain;
using Limiter.Domain.Escrow;
using Limiter.Engine.Leases;
using Limiter.Engine.Ports;

namespace Limiter.Engine.Checks;

/// <summary>
/// Corrections that nobody waits for: reservations to be given back when their time is over, and costs that an upstream
/// told. Each is tried until its buckets have answered or the check can be corrected no more; then it stands as it was
/// charged, as does one that this process takes with it when it ends. Thread-safe.
/// </summary>
/// <param name="edge">This edge.</param>
/// <param name="correct">Corrects one check.</param>
internal sealed class PendingCorrections(
    Edge edge, Func<AdmittedCheck, long, CancellationToken, ValueTask<ChargeOutcome>> correct)
{
    /// <summary>Most corrections that wait.</summary>
    public const int CountMax = 100_000;

    /// <summary>Corrections that are tried at once.</summary>
    private const int AtOnce = 64;

    /// <summary>Until one that failed is tried again.</summary>
    private const long RetryMs = 5_000;

    private readonly Lock _gate = new();
    private readonly Dictionary<ulong, Pending> _byId = [];
    private readonly SortedSet<Pending> _byTime = [];
    private int _claimed;
    private int _running;
    private Task _run = Task.CompletedTask;

    /// <summary>Corrections that wait.</summary>
    public int Count
    {
        get
        {
            lock (_gate) return _byId.Count;
        }
    }

    /// <summary>Whether some are being tried now.</summary>
    public bool IsRunning => Volatile.Read(ref _running) != 0;

    /// <summary>Takes a place before it is known whether it is needed; false: there is none.</summary>
    public bool TryClaim()
    {
        lock (_gate)
        {
            if (_byId.Count + _claimed >= CountMax) return false;
            _claimed++;
            return true;
        }
    }

    /// <summary>Gives a claimed place back.</summary>
    public void Unclaim()
    {
        lock (_gate) _claimed--;
    }

    /// <summary>
    /// Corrects a check at a time, in a place that was claimed, unless it is dropped before. One of the same check
    /// stays as it is.
    /// </summary>
    public void AddClaimed(in AdmittedCheck admitted, long trueCost, Instant due)
    {
        lock (_gate)
        {
            _claimed--;
            Add_NeedsLock(new Pending(admitted, trueCost, due));
        }
    }

    /// <summary>Somebody else corrected the check.</summary>
    public void Drop(ulong checkId)
    {
        lock (_gate)
            if (_byId.Remove(checkId, out var pending)) _byTime.Remove(pending);
    }

    /// <summary>Tries what is due, until nothing is; returns at once while that goes on already.</summary>
    public void Run()
    {
        if (IsAnyDue() && Interlocked.Exchange(ref _running, 1) == 0) Volatile.Write(ref _run, RunAsync());
    }

    /// <summary>Tries what is due once more, before this process ends.</summary>
    public async Task CloseAsync(CancellationToken cancellation)
    {
        Run();
        while (IsRunning)
        {
            await Volatile.Read(ref _run).WaitAsync(cancellation).ConfigureAwait(false);
            await Task.Yield();
        }
    }

    private async Task RunAsync()
    {
        // Whoever began it has an answer to write.
        await Task.Yield();
        try
        {
            while (TakeDue() is { Count: > 0 } batch)
                await Task.WhenAll(batch.Select(TryAsync)).ConfigureAwait(false);
        }
        finally
        {
            Volatile.Write(ref _running, 0);
        }
        // One may have come when the last had been taken.
        Run();
    }

    private async Task TryAsync(Pending pending)
    {
        try
        {
            var outcome = await correct(pending.Admitted, pending.TrueCost, CancellationToken.None)
                .ConfigureAwait(false);
            if (outcome == ChargeOutcome.Full) Retry(pending);
        }
        catch (Exception failure) when (failure is BucketsUnavailableException or StoreUnavailableException)
        {
            Retry(pending);
        }
#pragma warning disable CA1031 // One that cannot be made must not keep the others from being made.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            edge.OnFailure(failure);
        }
    }

    private void Retry(Pending pending)
    {
        var next = edge.Now().Wall + RetryMs;
        if (next - pending.Admitted.SpentAt >= ChargeRequest.LifetimeMs)
        {
            edge.OnFailure(new BucketsUnavailableException(
                "The cost of a check could not be corrected in ten minutes: it stands as it was charged."));
            return;
        }
        lock (_gate) Add_NeedsLock(pending with { Due = next });
    }

    private List<Pending> TakeDue()
    {
        var now = edge.Now().Wall;
        var batch = new List<Pending>();
        lock (_gate)
        {
            while (batch.Count < AtOnce && _byTime.Count > 0 && _byTime.Min.Due <= now)
            {
                var pending = _byTime.Min;
                _byTime.Remove(pending);
                _byId.Remove(pending.Admitted.CheckId);
                batch.Add(pending);
            }
        }
        return batch;
    }

    private bool IsAnyDue()
    {
        lock (_gate) return _byTime.Count > 0 && _byTime.Min.Due <= edge.Now().Wall;
    }

    private void Add_NeedsLock(in Pending pending)
    {
        if (_byId.TryAdd(pending.Admitted.CheckId, pending)) _byTime.Add(pending);
    }

    private readonly record struct Pending(AdmittedCheck Admitted, long TrueCost, Instant Due) : IComparable<Pending>
    {
        public int CompareTo(Pending other) =>
            (Due, Admitted.CheckId).CompareTo((other.Due, other.Admitted.CheckId));
    }
}
