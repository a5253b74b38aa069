using Limiter.Domain;
using Limiter.Domain.Buckets;
using Limiter.Domain.Decisions;
using Limiter.Domain.Policies;

namespace Limiter.Engine.Leases;

/// <summary>
/// Answers for one bucket on this edge: from the lease it holds while that lasts, in memory and at once; otherwise it
/// asks the bucket, for all waiting requests together, one question in flight at a time. Thread-safe; its lock is never
/// held over I/O.
/// </summary>
internal sealed partial class LeaseHolder(BucketId bucket, Edge edge, Terms terms)
{
    // Also the lock: a million tenants have no need of a million locks besides.
    private readonly LeaseBook _book = new(edge, terms, edge.LastNumber);
    private WaitingLine _waiters;
    private Denials _denials;
    private EdgeTime _lastUse;
    private bool _inFlight;
    private bool _isRetired;
    private bool _spendsAtOnce;

    public BucketId Bucket { get; } = bucket;

    /// <summary>True once it answers no more: a new holder takes its place.</summary>
    public bool IsRetired => Volatile.Read(ref _isRetired);

    /// <summary>
    /// True when the bucket, asked for a lease, granted last without one: it knows as many edges as it can.
    /// </summary>
    public bool SpendsAtOnce => Volatile.Read(ref _spendsAtOnce);

    /// <summary>True while a request to the bucket is under way.</summary>
    public bool IsAsking
    {
        get
        {
            lock (_book) return _inFlight;
        }
    }

    /// <summary>Tokens of a lease that stands, neither spent nor given back.</summary>
    public long TokensHeld(in EdgeTime now)
    {
        lock (_book) return _book.Lease.IsValid(edge, now) ? _book.TokensHeld(_book.LatestNow(now)) : 0;
    }

    public void Enter() => Monitor.Enter(_book);

    public void Exit() => Monitor.Exit(_book);

    /// <summary>Whether the lease covers a demand. Asked and acted on under the lock.</summary>
    public bool Covers_NeedsLock(in BucketDemand demand, in EdgeTime now) =>
        !_isRetired && Speaks_NeedsLock(demand.Terms) && _book.Covers(demand.Mask, demand.Cost, now);

    /// <summary>Spends what the lease covers and tells the decision; returns the bucket's time of it.</summary>
    public Instant Spend_NeedsLock(in BucketDemand demand, Decision decision, in EdgeTime now)
    {
        var at = _book.LatestNow(now);
        _lastUse = now;
        var low = demand.Cost > 0 && _book.Take(demand.Mask, demand.Cost, at);
        _book.Describe(decision, demand, at, _book.Observe(demand, at));
        if ((low || _book.Lease.IsAging(edge, now)) && !_inFlight && demand.Cost > 0 && !edge.Outage.IsBarred())
            StartAsking_NeedsLock(renew: true);
        return at;
    }

    /// <summary>Answers at once where that is possible; false: the request has to wait for the bucket.</summary>
    public bool TryDecide(in BucketDemand demand, Decision decision, in EdgeTime now)
    {
        lock (_book)
        {
            if (Covers_NeedsLock(demand, now))
            {
                decision.SpentAt = Spend_NeedsLock(demand, decision, now);
                decision.At = decision.SpentAt;
                decision.Mode = DecisionMode.Leased;
                decision.Outcome = Outcome.Allowed;
                return true;
            }
            return TryDeny_NeedsLock(demand, decision, now);
        }
    }

    /// <summary>Whether it would deny a demand without asking the bucket.</summary>
    public bool Denies(in BucketDemand demand, in EdgeTime now)
    {
        lock (_book) return TryFindDenial_NeedsLock(demand, _book.LatestNow(now), out _);
    }

    /// <summary>Waits for the bucket; the decision is told when the outcome is known.</summary>
    /// <param name="demand">What the request needs.</param>
    /// <param name="decision">Told how it came out.</param>
    /// <param name="setAside">Tokens are set aside, to be spent by <see cref="Commit_NeedsLock"/> or released.</param>
    /// <param name="now">This edge's time.</param>
    public Task<WaitOutcome> WaitAsync(in BucketDemand demand, Decision decision, bool setAside, in EdgeTime now)
    {
        var waiter = new Waiter(demand, decision, setAside);
        lock (_book)
        {
            if (_isRetired) return Task.FromResult(WaitOutcome.Retired);
            if (IsOutdated_NeedsLock(demand.Terms)) return Task.FromResult(WaitOutcome.Outdated);
            if (setAside && Covers_NeedsLock(demand, now))
            {
                _book.Earmark(demand.Mask, demand.Cost);
                _lastUse = now;
                return Task.FromResult(WaitOutcome.Granted);
            }
            if (setAside && TryDeny_NeedsLock(demand, decision, now)) return Task.FromResult(WaitOutcome.Denied);
            if (edge.Outage.IsBarred() || _waiters.Count >= WaitersMax)
            {
                // In use: it does not retire before it can be told what it owes.
                _lastUse = now;
                return Task.FromResult(WaitOutcome.Unreachable);
            }
            _waiters.Enqueue(waiter);
            if (_inFlight) return waiter.Task;
            _inFlight = true;
        }
        _ = AskAsync();
        return waiter.Task;
    }

    /// <summary>Whether tokens that were set aside can still be spent.</summary>
    public bool CanCommit_NeedsLock(in BucketDemand demand, in EdgeTime now) =>
        _book.Terms.HasLayoutOf(demand.Terms)
        && (demand.Cost == 0 || (_book.Lease.IsValid(edge, now) && _book.HasEarmarked(demand.Mask, demand.Cost)));

    /// <summary>Spends tokens that were set aside.</summary>
    public Instant Commit_NeedsLock(in BucketDemand demand, Decision decision, in EdgeTime now)
    {
        var at = _book.LatestNow(now);
        _book.TakeEarmarked(demand.Mask, demand.Cost, at);
        _book.Describe(decision, demand, at, _book.Observe(demand, at));
        return at;
    }

    /// <summary>Puts tokens back that were set aside; those of a lease that has ended went back already.</summary>
    public void Release(in BucketDemand demand)
    {
        lock (_book)
        {
            if (_book.Terms.HasLayoutOf(demand.Terms) && _book.HasEarmarked(demand.Mask, demand.Cost))
                _book.Release(demand.Mask, demand.Cost);
        }
    }

    /// <summary>Gives back what is held, so that the next check is decided by the bucket as it then is.</summary>
    public void Recall()
    {
        lock (_book)
        {
            _book.Recall();
            _book.Distrust();
            _denials.Clear();
        }
    }

    private bool TryDeny_NeedsLock(in BucketDemand demand, Decision decision, in EdgeTime now)
    {
        var latest = _book.LatestNow(now);
        if (!TryFindDenial_NeedsLock(demand, latest, out var denial)) return false;
        _lastUse = now;
        denial = denial with { Violated = _book.Violated(denial, latest) };
        Deny_NeedsLock(demand, decision, denial, _book.EarliestNow(now));
        decision.Mode = DecisionMode.Leased;
        return true;
    }

    private bool TryFindDenial_NeedsLock(in BucketDemand demand, Instant latest, out Denial denial)
    {
        denial = default;
        return demand.Cost > 0 && Speaks_NeedsLock(demand.Terms)
            && _denials.TryFind(demand.Mask, demand.Cost, latest, out denial) && _book.Stands(denial, latest);
    }

    private void Deny_NeedsLock(in BucketDemand demand, Decision decision, in Denial denial, Instant at)
    {
        decision.At = at;
        decision.RetryAt = denial.RetryAt;
        decision.Outcome = denial.RetryAt == Instant.Never ? Outcome.Refused : Outcome.Denied;
        decision.Refusal = denial.RetryAt == Instant.Never ? Refusal.CostAboveLimit : Refusal.None;
        decision.Mode = DecisionMode.Exact;
        _book.Describe(decision, demand, at, denial.Violated | _book.Lacking(demand, at));
    }
}
