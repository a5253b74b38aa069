using Limiter.Domain.Escrow;
using Limiter.Domain.Policies;

namespace Limiter.Domain.Buckets;

/// <summary>
/// Everything that one bucket keeps. Only <see cref="Bucket"/> changes one, and always a copy of its own: a state that
/// was returned or decoded never changes.
/// </summary>
public sealed partial class BucketState
{
    /// <summary>Most edges that hold leases or are remembered; further ones get exact decisions only.</summary>
    public const int EdgesMax = 64;

    // Of Edges, those that no other state has; nearly always the one that asks.
    private readonly List<EdgeEntry> _own = new(1);

    internal BucketState(Terms terms, Instant now)
    {
        Terms = terms;
        Now = now;
        Counters = new LimitCounter[terms.Limits.Length];
        for (var i = 0; i < Counters.Length; i++) Counters[i] = LimitCounter.Create(terms.Limits[i].Rule, now);
    }

    private BucketState(BucketState other)
    {
        Terms = other.Terms;
        Now = other.Now;
        Counters = Array.ConvertAll(other.Counters, counter => counter.Clone());
        Edges = [.. other.Edges];
        Charges = other.Charges;
    }

    /// <summary>The highest version of the terms that any request carried.</summary>
    internal Terms Terms { get; set; }

    /// <summary>The bucket's time: the latest at which it decided. Never goes back.</summary>
    internal Instant Now { get; set; }

    /// <summary>By position in <see cref="Terms"/>.</summary>
    internal LimitCounter[] Counters { get; set; }

    /// <summary>
    /// Those that hold leases or were heard of lately, in the order of their first request. Shared by copies: only what
    /// <see cref="Own(EdgeId)"/> returned may change.
    /// </summary>
    internal List<EdgeEntry> Edges { get; } = [];

    internal RememberedCharges Charges { get; set; } = RememberedCharges.None;

    internal BucketState Clone() => new(this);

    internal EdgeEntry? Find(EdgeId edge) => IndexOf(edge) is >= 0 and var index ? Edges[index] : null;

    /// <summary>Puts an edge's entry in its place that no other state has; null when the bucket knows none.</summary>
    internal EdgeEntry? Own(EdgeId edge) => IndexOf(edge) is >= 0 and var index ? Own(index) : null;

    /// <inheritdoc cref="Own(EdgeId)"/>
    internal EdgeEntry Own(int index)
    {
        var entry = Edges[index];
        if (_own.Contains(entry)) return entry;
        Edges[index] = entry = entry.Clone();
        _own.Add(entry);
        return entry;
    }

    private int IndexOf(EdgeId edge)
    {
        for (var i = 0; i < Edges.Count; i++)
            if (Edges[i].Edge == edge) return i;
        return -1;
    }

    /// <summary>Brings every counter to a time; an earlier one than the bucket's own counts as that.</summary>
    internal void MoveTo(Instant now)
    {
        Now = Instant.Max(Now, now);
        for (var i = 0; i < Counters.Length; i++) Counters[i].Advance(Now, Terms.Limits[i].Schedule);
    }

    /// <summary>The number of one limit that is in force.</summary>
    internal long NumberOf(int position) => Terms.Limits[position].Schedule.At(Now);

    /// <summary>Tokens of one limit that can be granted now; may be negative.</summary>
    internal long FreeOf(int position) =>
        Counters[position].Free(Now, Terms.Limits[position].Schedule, UnchargedOf(position));

    /// <summary>What must hold whatever happened: checked before every save, in every build.</summary>
    /// <exception cref="InvalidOperationException">A bug: the state must not be saved.</exception>
    internal void Verify()
    {
        if (Edges.Count > EdgesMax)
            throw new InvalidOperationException($"{Edges.Count} edges hold leases of one bucket.");
        for (var i = 0; i < Counters.Length; i++)
        {
            var charged = Counters[i] as FixedCounter;
            var outstanding = 0L;
            foreach (var edge in Edges)
                outstanding += Checked(edge.Open, i, charged) + Checked(edge.Ended, i, charged);
            if (charged is not null && outstanding > charged.Current.Tokens + charged.Refunded)
                throw new InvalidOperationException(
                    $"{Terms.Limits[i].Rule.Id}: more is outstanding than was charged.");
        }
    }

    private static long Checked(Lease? lease, int position, FixedCounter? counter)
    {
        if (lease is null) return 0;
        var holding = lease.Holdings[position];
        if (holding.Held < 0 || holding.Pending < 0) throw new InvalidOperationException("A holding is below zero.");
        if (counter is null) return 0;
        var start = counter.Current.Start;
        return (lease.Received > start ? holding.Held : 0) + (lease.Pending > start ? holding.Pending : 0);
    }
}
