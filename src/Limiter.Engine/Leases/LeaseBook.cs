using System.Numerics;
using Limiter.Domain;
using Limiter.Domain.Policies;

namespace Limiter.Engine.Leases;

/// <summary>
/// The account that one edge keeps of one bucket: its lease, what it spent and returned of it, what the bucket told.
/// Pure bookkeeping: no lock, no clock, no I/O; its <see cref="LeaseHolder"/> has those.
/// </summary>
/// <param name="edge">Who keeps it.</param>
/// <param name="terms">The numbers in force.</param>
/// <param name="startedAfter">
/// The number of the last request of the edge: all that an earlier holder of the same bucket asked was answered before
/// it retired. A bucket that does not know would take what this one tells for what that one told.
/// </param>
internal sealed partial class LeaseBook(Edge edge, Terms terms, long startedAfter = 0)
{
    private LeasedLimit[] _limits = new LeasedLimit[terms.Limits.Length];

    // Their last reports are not booked yet. At most two: one that the bucket ended in its last reply, and the one of
    // that reply, which ended before the next request.
    private EndedLease[] _ended = [];
    private BucketClock _clock;

    public Terms Terms { get; private set; } = terms;

    public HeldLease Lease { get; private set; }

    /// <summary>The number of the last reply taken in, or of one that there was before.</summary>
    public long LastReceived { get; private set; } = startedAfter;

    /// <summary>Whether a reply was taken in.</summary>
    public bool HasHeard => _clock != default;

    /// <summary>The number of the last of them that granted tokens.</summary>
    public long LastGranted { get; private set; }

    /// <summary>How often tokens were spent so far: tells what came before what.</summary>
    public long Spends { get; private set; }

    public ref LeasedLimit this[int position] => ref _limits[position];

    public int Length => _limits.Length;

    /// <summary>True when the bucket has something to learn.</summary>
    public bool HasReport => _ended.Length > 0 || Array.Exists(_limits, limit => limit.HasReport);

    public bool OwesAnything => Array.Exists(_limits, limit => limit.OwedTokens > 0);

    /// <summary>True while the bucket cannot know that its reply to what it was told of debts was received.</summary>
    public bool HasUnacknowledged { get; private set; }

    public bool HoldsAnything => Array.Exists(_limits, limit => limit.Balance + limit.Earmarked > 0);

    /// <summary>Tokens that are not spent; where a limit has no number they are missed by nobody.</summary>
    public long TokensHeld(Instant now)
    {
        var held = 0L;
        for (var i = 0; i < _limits.Length; i++)
            if (Terms.Limits[i].Schedule.At(now) != Schedule.Unlimited)
                held += _limits[i].Balance + _limits[i].Earmarked;
        return held;
    }

    public Instant LatestNow(in EdgeTime now) => Lease.DurationMs == 0
        ? _clock.Latest(edge, now) : Instant.Min(_clock.Latest(edge, now), Lease.Latest(edge, now));

    public Instant EarliestNow(in EdgeTime now) => _clock.Earliest(edge, now);

    /// <summary>
    /// True when the lease stands and every limit of the mask has the tokens; for no tokens, when it can be told how
    /// the limits stand.
    /// </summary>
    public bool Covers(uint mask, long cost, in EdgeTime now)
    {
        if (!Lease.IsValid(edge, now)) return false;
        if (cost == 0) return LatestNow(now) < CurrentUntil(mask);
        for (; mask != 0; mask &= mask - 1)
            if (_limits[BitOperations.TrailingZeroCount(mask)].Balance < cost) return false;
        return true;
    }

    /// <summary>Spends what <see cref="Covers"/> found; true when it is time to ask for more.</summary>
    public bool Take(uint mask, long cost, Instant at)
    {
        var low = false;
        if (cost > 0) Spends++;
        for (; mask != 0; mask &= mask - 1)
        {
            var position = BitOperations.TrailingZeroCount(mask);
            ref var limit = ref _limits[position];
            var rule = Terms.Limits[position].Rule;
            limit.Take(rule, cost, at);
            limit.LastSpend = Spends;
            low |= limit.Balance < limit.RenewBelow || limit.IsLogLong(rule);
        }
        return low;
    }

    public void Earmark(uint mask, long cost)
    {
        for (; mask != 0; mask &= mask - 1)
        {
            ref var limit = ref _limits[BitOperations.TrailingZeroCount(mask)];
            limit.Balance -= cost;
            limit.Earmarked += cost;
        }
    }

    public bool HasEarmarked(uint mask, long cost)
    {
        for (; mask != 0; mask &= mask - 1)
            if (_limits[BitOperations.TrailingZeroCount(mask)].Earmarked < cost) return false;
        return true;
    }

    /// <summary>Spends earmarked tokens.</summary>
    public void TakeEarmarked(uint mask, long cost, Instant at)
    {
        if (cost > 0) Spends++;
        for (; mask != 0; mask &= mask - 1)
        {
            var position = BitOperations.TrailingZeroCount(mask);
            _limits[position].TakeEarmarked(Terms.Limits[position].Rule, cost, at);
            _limits[position].LastSpend = Spends;
        }
    }

    /// <summary>Puts earmarked tokens back.</summary>
    public void Release(uint mask, long cost)
    {
        for (; mask != 0; mask &= mask - 1)
        {
            ref var limit = ref _limits[BitOperations.TrailingZeroCount(mask)];
            limit.Earmarked -= cost;
            limit.Balance += cost;
        }
    }

    /// <summary>Gives back every token that may still be spent.</summary>
    public void Recall()
    {
        foreach (ref var limit in _limits.AsSpan()) limit.ReturnBalance();
    }

    /// <summary>The lease is over by this edge's clock: what is left of it goes back with the next request.</summary>
    public void End()
    {
        if (Lease.Opened == 0) return;
        Recall();
        foreach (ref var limit in _limits.AsSpan())
        {
            limit.Returned += limit.Earmarked;
            limit.Earmarked = 0;
        }
        if (Array.Exists(_limits, limit => limit.HasReport))
            _ended = [.. _ended, EndedLease.From(Lease.Opened, Terms, _limits)];
        foreach (ref var limit in _limits.AsSpan()) limit.StartAnew();
        Lease = default;
    }
}
