using System.Numerics;
using Limiter.Domain;
using Limiter.Domain.Decisions;
using Limiter.Domain.Escrow;

namespace Limiter.Engine.Leases;

// What this edge does on its own while the bucket cannot be reached.
internal sealed partial class LeaseHolder
{
    // Null until it was needed.
    private LocalShare? _local;

    /// <summary>A request was admitted without a grant; its tokens are charged when the bucket answers again.</summary>
    public void Owe(in BucketDemand demand, in EdgeTime now)
    {
        lock (_book)
        {
            // While a request is under way, the book has to keep the terms that it was sent with.
            if (!_inFlight && IsBehind_NeedsLock(demand.Terms)) Adopt_NeedsLock(demand.Terms);
            var at = _book.HasHeard ? _book.LatestNow(now) : Instant.Never;
            for (var mask = demand.Mask; mask != 0; mask &= mask - 1)
            {
                var limit = demand.Terms.Limits[BitOperations.TrailingZeroCount(mask)].Rule.Id;
                if (_book.Terms.PositionOf(limit) is >= 0 and var position)
                    _book[position].Owe(_book.Terms.Limits[position].Rule, demand.Cost, at);
            }
        }
    }

    /// <summary>Decides from this edge's share of the numbers, by a bucket of its own.</summary>
    public void DecideLocally(in BucketDemand demand, int sharePercent, Decision decision, in EdgeTime now)
    {
        lock (_book)
        {
            _local ??= new LocalShare();
            var reply = _local.Reserve(demand, sharePercent, edge.Id, now.Wall);
            TellLocal_NeedsLock(demand, decision, reply);
        }
    }

    /// <summary>Tells a decision how the limits stand, without spending.</summary>
    public void Tell(in BucketDemand demand, Decision decision, in EdgeTime now)
    {
        lock (_book) TellUnreached_NeedsLock(demand, decision, now);
    }

    private void TellUnreached_NeedsLock(in BucketDemand demand, Decision decision, in EdgeTime now)
    {
        var latest = _book.LatestNow(now);
        if (_book.HasHeard && Speaks_NeedsLock(demand.Terms) && latest < _book.CurrentUntil(demand.Mask))
            _book.Describe(decision, demand, latest, 0);
        else
        {
            // Nothing was heard of the bucket that still holds: the numbers are known, their use is not.
            var fresh = new LeaseBook(edge, demand.Terms);
            var look = new ReserveRequest(edge.Id, 1, 0, demand.Terms, 0, [], [], []);
            fresh.Receive(Domain.Buckets.Bucket.Reserve(null, look, now.Wall).Reply, now, now);
            for (var i = 0; i < fresh.Length; i++)
                if (_book.Terms.PositionOf(fresh.Terms.Limits[i].Rule.Id) is >= 0 and var position)
                    fresh[i].Owe(fresh.Terms.Limits[i].Rule, _book[position].OwedTokens, Instant.Never);
            fresh.Describe(decision, demand, now.Wall, 0);
        }
    }

    private void TellLocal_NeedsLock(in BucketDemand demand, Decision decision, ReserveReply reply)
    {
        var local = new LeaseBook(edge, _local!.Terms!);
        local.Receive(reply, default, default);
        local.Describe(decision, demand, reply.Now, reply.Violated);
        if (reply.Outcome == ReserveOutcome.Granted) return;
        var first = decision.Outcome == Outcome.Allowed;
        decision.RetryAt = first ? reply.RetryAt : Instant.Max(decision.RetryAt, reply.RetryAt);
        decision.Outcome = Outcome.Denied;
    }
}
