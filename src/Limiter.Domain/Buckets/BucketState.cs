using System.Runtime.InteropServices;
using Limiter.Domain.Escrow;
using Limiter.Domain.Policies;

namespace Limiter.Domain.Buckets;

/// <summary>
/// Everything that one bucket keeps. Only <see cref="Bucket"/> changes one, and always a copy of its own: a state that
/// was returned or decoded never changes.
/// </summary>
public sealed class BucketState
{
    /// <summary>Most edges that hold leases or are remembered; further ones get exact decisions only.</summary>
    public const int EdgesMax = 64;

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
        Edges = other.Edges.ConvertAll(edge => edge.Clone());
        Charges = other.Charges;
    }

    /// <summary>The highest version of the terms that any request carried.</summary>
    internal Terms Terms { get; set; }

    /// <summary>The bucket's time: the latest at which it decided. Never goes back.</summary>
    internal Instant Now { get; set; }

    /// <summary>By position in <see cref="Terms"/>.</summary>
    internal LimitCounter[] Counters { get; set; }

    /// <summary>Those that hold leases or were heard of lately, in the order of their first request.</summary>
    internal List<EdgeEntry> Edges { get; } = [];

    /// <summary>Corrections applied lately, oldest first. Shared by copies: a change makes another list.</summary>
    internal List<RememberedCharge> Charges { get; set; } = [];

    internal BucketState Clone() => new(this);

    internal EdgeEntry? Find(EdgeId edge)
    {
        foreach (var entry in Edges)
            if (entry.Edge == edge) return entry;
        return null;
    }

    /// <summary>Brings every counter to a time; an earlier one than the bucket's own counts as that.</summary>
    internal void MoveTo(Instant now)
    {
        Now = Instant.Max(Now, now);
        for (var i = 0; i < Counters.Length; i++) Counters[i].Advance(Now, Terms.Limits[i].Schedule);
    }

    /// <summary>The open lease waits for its last report now; one that waited already counts as spent.</summary>
    internal void End(EdgeEntry edge)
    {
        if (edge.Ended is { } ended) Fold(ended);
        (edge.Ended, edge.Open) = (edge.Open, null);
    }

    /// <summary>
    /// Drops what is over: leases past their last report count as spent. An edge without a lease is forgotten when none
    /// of its requests can still be under way: one that came again would be granted again.
    /// </summary>
    internal void Forget()
    {
        foreach (var edge in Edges)
        {
            edge.Ended = Kept(edge.Ended);
            edge.Open = Kept(edge.Open);
        }
        Edges.RemoveAll(edge => edge.Open is null && edge.Ended is null && Now - edge.Reply.Now >= Lease.LateMsMax);
        if (Charges.Count > 0 && !Charges[0].Counts(Now)) Charges = Charges.FindAll(charge => charge.Counts(Now));

        Lease? Kept(Lease? lease)
        {
            if (lease is null || lease.IsEmpty) return null;
            if (Now - lease.Expiry < Lease.LateMsMax) return lease;
            Fold(lease);
            return null;
        }
    }

    /// <summary>Nothing more will be heard of a lease: its tokens count as spent at its expiry.</summary>
    internal void Fold(Lease lease)
    {
        for (var i = 0; i < Counters.Length; i++)
            if (lease.Holdings[i].Tokens is > 0 and var tokens) Counters[i].Spend(tokens, lease.Expiry, Now);
    }

    /// <summary>
    /// Of a token bucket that has been full since they expired, leases hold nothing any more: see
    /// <see cref="TokenCounter.TryFold"/>.
    /// </summary>
    /// <returns>True when there were such leases.</returns>
    internal bool FoldRefilled()
    {
        var found = false;
        for (var i = 0; i < Counters.Length; i++)
        {
            if (Counters[i] is not TokenCounter counter) continue;
            var expired = OutstandingOf(i).FindAll(item => item.Expiry <= Now);
            if (expired.Count == 0) continue;
            if (!counter.TryFold(Now, Terms.Limits[i].Schedule, CollectionsMarshal.AsSpan(expired))) continue;
            foreach (var edge in Edges)
            {
                Clear(edge.Ended, i);
                Clear(edge.Open, i);
            }
            found = true;
        }
        return found;

        void Clear(Lease? lease, int position)
        {
            if (lease is null || lease.Expiry > Now) return;
            (lease.Holdings[position].Held, lease.Holdings[position].Pending) = (0, 0);
        }
    }

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

    /// <summary>Tokens of one limit that are out in leases, in the order of their expiry.</summary>
    /// <param name="position">The limit.</param>
    /// <param name="except">An edge whose unexpired tokens are left out; null for all.</param>
    internal List<Outstanding> OutstandingOf(int position, EdgeEntry? except = null)
    {
        var found = new List<Outstanding>();
        foreach (var edge in Edges)
        {
            Collect(edge.Ended);
            Collect(edge.Open);

            void Collect(Lease? lease)
            {
                var tokens = lease?.Holdings[position].Tokens ?? 0;
                if (tokens > 0 && (edge != except || lease!.Expiry <= Now))
                    found.Add(new Outstanding(lease!.Expiry, tokens));
            }
        }
        if (found.Count > 1) found.Sort((left, right) => left.Expiry.CompareTo(right.Expiry));
        return found;
    }
}

internal readonly record struct RememberedCharge(ulong Id, long TrueCost, Instant At)
{
    /// <summary>Longer than a check can be corrected, by what an edge's clock may be ahead of the bucket's.</summary>
    public bool Counts(Instant now) => now - At < ChargeRequest.LifetimeMs + Lease.LifetimeMsMax;
}
