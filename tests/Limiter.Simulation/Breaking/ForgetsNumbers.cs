using Limiter.Domain;
using Limiter.Domain.Buckets;
using Limiter.Domain.Escrow;
using Limiter.Simulation.Stores;

namespace Limiter.Simulation.Breaking;

/// <summary>Decides a request that was delivered again as if it were new.</summary>
internal sealed class ForgetsNumbers : BucketRule
{
    public override (ReserveReply Reply, BucketState Next) Reserve(
        BucketState? state, ReserveRequest request, Instant now)
    {
        if (state?.Find(request.Edge) is not { } known || known.Number < request.Number)
            return base.Reserve(state, request, now);
        var forgetful = state.Clone();
        forgetful.Find(request.Edge)!.Number = request.Number - 1;
        return base.Reserve(forgetful, request, now);
    }
}
