using Limiter.Domain;
using Limiter.Domain.Buckets;
using Limiter.Domain.Escrow;
using Limiter.Domain.Policies;
using Limiter.Simulation.Stores;

namespace Limiter.Simulation.Breaking;

/// <summary>
/// Takes granted tokens for spent when they are granted, and forgets that they are out. A token bucket then refills as
/// if nothing were outstanding; a sliding window frees them too early.
/// </summary>
internal sealed class GrantsSpentAtOnce(Algorithm algorithm) : BucketRule
{
    public override (ReserveReply Reply, BucketState Next) Reserve(
        BucketState? state, ReserveRequest request, Instant now)
    {
        var (reply, next) = base.Reserve(state, request, now);
        if (ReferenceEquals(next, state) || next.Find(request.Edge)?.Open is not { } lease) return (reply, next);
        for (var i = 0; i < lease.Holdings.Length; i++)
        {
            if (next.Terms.Limits[i].Rule.Algorithm != algorithm) continue;
            next.Counters[i].Spend(lease.Holdings[i].Pending, next.Now, next.Now);
            lease.Holdings[i].Pending = 0;
        }
        return (reply, next);
    }
}
