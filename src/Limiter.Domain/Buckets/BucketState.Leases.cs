using System.Runtime.InteropServices;

namespace Limiter.Domain.Buckets;

// What is out in leases, and what becomes of it when they are over.
public sealed partial class BucketState
{
    /// <summary>Tokens of one limit that are out in leases, in the order of their expiry.</summary>
    /// <param name="position">The limit.</param>
    /// <param name="except">An edge whose unexpired tokens are left out; null for all.</param>
    internal List<Outstanding> OutstandingOf(int position, EdgeEntry? except = null)
    {
        var found = new List<Outstanding>(Edges.Count);
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

    /// <summary>
    /// The same for the limit's counter: none where it has charged them already, as a fixed window does when it grants.
    /// </summary>
    internal ReadOnlySpan<Outstanding> UnchargedOf(int position, EdgeEntry? except = null) =>
        Counters[position] is FixedCounter
            ? default
            : CollectionsMarshal.AsSpan(OutstandingOf(position, except));

    /// <summary>Other edges that hold tokens which they may still spend.</summary>
    internal int SpendersBesides(EdgeEntry edge)
    {
        var others = 0;
        foreach (var other in Edges)
            if (other != edge && other.CanSpend(Now)) others++;
        return others;
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
        for (var i = 0; i < Edges.Count; i++)
        {
            if (!IsOver(Edges[i].Ended) && !IsOver(Edges[i].Open)) continue;
            var edge = Own(i);
            edge.Ended = Kept(edge.Ended);
            edge.Open = Kept(edge.Open);
        }
        for (var i = Edges.Count - 1; i >= 0; i--)
            if (Edges[i] is { Open: null, Ended: null } edge && Now - edge.Reply.Now >= Lease.LateMsMax)
                Edges.RemoveAt(i);
        Charges = Charges.At(Now);

        bool IsOver(Lease? lease) =>
            lease is not null && (lease.IsEmpty || Now - lease.Expiry >= Lease.LateMsMax);

        Lease? Kept(Lease? lease)
        {
            if (!IsOver(lease)) return lease;
            Fold(lease!);
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
            var expired = ExpiredOf(i);
            if (expired.IsEmpty || !counter.TryFold(Now, Terms.Limits[i].Schedule, expired)) continue;
            for (var edge = 0; edge < Edges.Count; edge++)
            {
                if (!HasExpired(Edges[edge].Ended, i) && !HasExpired(Edges[edge].Open, i)) continue;
                Clear(Own(edge).Ended, i);
                Clear(Own(edge).Open, i);
            }
            found = true;
        }
        return found;

        void Clear(Lease? lease, int position)
        {
            if (!HasExpired(lease, position)) return;
            (lease!.Holdings[position].Held, lease.Holdings[position].Pending) = (0, 0);
        }

        bool HasExpired(Lease? lease, int position) =>
            lease is not null && lease.Expiry <= Now && lease.Holdings[position].Tokens > 0;
    }

    // Outstanding tokens are in the order of their expiry.
    private ReadOnlySpan<Outstanding> ExpiredOf(int position)
    {
        var outstanding = CollectionsMarshal.AsSpan(OutstandingOf(position));
        var expired = 0;
        while (expired < outstanding.Length && outstanding[expired].Expiry <= Now) expired++;
        return outstanding[..expired];
    }
}
