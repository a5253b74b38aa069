using Limiter.Domain;
using Limiter.Domain.Buckets;
using Limiter.Domain.Escrow;
using Limiter.Simulation.Stores;

namespace Limiter.Simulation.Breaking;

/// <summary>
/// Counts a lease as spent when it expires, and puts unspent tokens back into a token bucket when their report comes
/// after all, although it may have been refilled since.
/// </summary>
internal sealed class LateSettles : BucketRule
{
    public override (ReserveReply Reply, BucketState Next) Reserve(
        BucketState? state, ReserveRequest request, Instant now)
    {
        if (state is null || Bucket.Recall(state, request) is not null) return base.Reserve(state, request, now);
        var late = state.Clone();
        late.MoveTo(now);
        if (late.Find(request.Edge) is { Open: { } lease } edge && lease.Expiry <= late.Now)
        {
            late.Fold(lease);
            edge.Open = null;
            foreach (var report in request.Reports)
                if (report.Opened == lease.Opened) PutBack(late, report);
        }
        return base.Reserve(late, request, now);
    }

    private static void PutBack(BucketState late, LeaseReport report)
    {
        foreach (var limit in report.Limits)
            if (late.Terms.PositionOf(limit.Limit) is >= 0 and var position && late.Counters[position] is TokenCounter)
                late.Counters[position].Refund(limit.Returned, late.Now, 0);
    }
}
