using Limiter.Domain;
using Limiter.Domain.Buckets;
using Limiter.Domain.Escrow;
using Limiter.Simulation.Stores;

namespace Limiter.Simulation.Breaking;

/// <summary>Refunds as if the tokens had just been spent: also what has been refilled to the brim since.</summary>
internal sealed class RefundsAlways : BucketRule
{
    public override (ChargeOutcome Outcome, BucketState Next) Charge(
        BucketState? state, ChargeRequest request, Instant now) =>
        base.Charge(state, request with { SpentAt = Instant.Max(now, state?.Now ?? now) }, now);
}
