using Limiter.Domain;
using Limiter.Domain.Buckets;
using Limiter.Domain.Escrow;
using Limiter.Simulation.Stores;

namespace Limiter.Simulation.Breaking;

/// <summary>
/// Counts a lease as spent when it has expired, and puts its unspent tokens back into a token bucket when the report
/// comes after all, although they may have been refilled since.
/// </summary>
internal sealed class LateSettles : BucketRule
{
    private readonly HashSet<(EdgeId Edge, long Opened)> _counted = [];

    public override (ReserveReply Reply, BucketState Next) Reserve(
        BucketState? state, ReserveRequest request, Instant now)
    {
        if (state is null || Bucket.Recall(state, request) is not null) return base.Reserve(state, request, now);
        var late = state.Clone();
        late.MoveTo(now);
        for (var i = 0; i < late.Edges.Count; i++)
        {
            var edge = late.Own(i);
            if (edge.Open is not { } lease || lease.Expiry > late.Now) continue;
            late.Fold(lease);
            _counted.Add((edge.Edge, lease.Opened));
            edge.Open = null;
        }
        foreach (var report in request.Reports)
            if (_counted.Remove((request.Edge, report.Opened))) PutBack(late, report);
        return base.Reserve(late, request, now);
    }

    private static void PutBack(BucketState late, LeaseReport report)
    {
        foreach (var limit in report.Limits)
            if (late.Terms.PositionOf(limit.Limit) is >= 0 and var position && late.Counters[position] is TokenCounter)
                late.Counters[position].Refund(limit.Returned, late.Now, 0);
    }
}
