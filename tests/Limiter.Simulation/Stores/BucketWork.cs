using Limiter.Domain;
using Limiter.Domain.Buckets;
using Limiter.Domain.Escrow;

namespace Limiter.Simulation.Stores;

/// <summary>One request to a bucket, at its host.</summary>
internal abstract class BucketWork(BucketSite site)
{
    public BucketSite Site { get; } = site;

    public abstract BucketState Decide(BucketState? state, Instant now);

    /// <summary>What was decided is durable.</summary>
    /// <param name="decidedAt">The host's time of the decision.</param>
    /// <param name="replies">False when the reply is lost.</param>
    public abstract void Conclude(Instant decidedAt, bool replies);

    public abstract void Fail(string reason);
}

/// <summary>How a bucket decides. The real one, unless a world is to be shown a broken one.</summary>
internal class BucketRule
{
    public static readonly BucketRule Real = new();

    public virtual (ReserveReply Reply, BucketState Next) Reserve(
        BucketState? state, ReserveRequest request, Instant now) => Bucket.Reserve(state, request, now);

    public virtual (ChargeOutcome Outcome, BucketState Next) Charge(
        BucketState? state, ChargeRequest request, Instant now) => Bucket.Charge(state, request, now);
}
