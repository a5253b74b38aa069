using Limiter.Domain;
using Limiter.Domain.Buckets;
using Limiter.Domain.Escrow;
using Limiter.Simulation.Stores;

namespace Limiter.Simulation.Breaking;

/// <summary>Takes a lease's report for its close: frees what the edge still holds and goes on to spend.</summary>
internal sealed class ReportsClose : BucketRule
{
    public override (ReserveReply Reply, BucketState Next) Reserve(
        BucketState? state, ReserveRequest request, Instant now)
    {
        var (reply, next) = base.Reserve(state, request, now);
        if (ReferenceEquals(next, state) || next.Find(request.Edge)?.Open is not { } lease) return (reply, next);
        if (request.Reports.All(report => report.Opened != lease.Opened)) return (reply, next);
        for (var i = 0; i < lease.Holdings.Length; i++)
        {
            next.Counters[i].Return(lease.Holdings[i].Held, next.Now, next.Terms.Limits[i].Schedule.At(next.Now));
            lease.Holdings[i].Held = 0;
        }
        return (reply, next);
    }
}
