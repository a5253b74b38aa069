using Limiter.Domain;
using Limiter.Domain.Buckets;
using Limiter.Domain.Escrow;

namespace Limiter.Simulation.Stores;

/// <summary>An edge's reserve at the host of its bucket.</summary>
internal sealed class ReserveWork(
    BucketSite site, ReserveRequest request, BucketRule rule, IBucketWitness witness,
    Action<ReserveReply?, string?> answer) : BucketWork(site)
{
    private BucketState? _before;
    private BucketState? _after;
    private ReserveReply? _reply;

    public override BucketState Decide(BucketState? state, Instant now)
    {
        _before = state;
        (_reply, _after) = rule.Reserve(state, request, now);
        return _after;
    }

    public override void Conclude(Instant decidedAt, bool replies)
    {
        witness.Reserved(Site, request, _reply!, _before, _after!, decidedAt);
        if (replies) answer(_reply, null);
    }

    public override void Fail(string reason) => answer(null, reason);
}

/// <summary>A correction at the host of its bucket.</summary>
internal sealed class ChargeWork(
    BucketSite site, ChargeRequest request, BucketRule rule, IBucketWitness witness,
    Action<ChargeOutcome, string?> answer) : BucketWork(site)
{
    private ChargeOutcome _outcome;
    private Instant _at;

    public override BucketState Decide(BucketState? state, Instant now)
    {
        (_outcome, var next) = rule.Charge(state, request, now);
        _at = next.Now;
        return next;
    }

    public override void Conclude(Instant decidedAt, bool replies)
    {
        if (_outcome == ChargeOutcome.Applied) witness.Charged(Site, request, _at);
        if (replies) answer(_outcome, null);
    }

    public override void Fail(string reason) => answer(default, reason);
}

/// <summary>Sees every decision of a bucket that became durable.</summary>
internal interface IBucketWitness
{
    void Reserved(
        BucketSite site, ReserveRequest request, ReserveReply reply, BucketState? before, BucketState after,
        Instant at);

    void Charged(BucketSite site, ChargeRequest request, Instant at);
}
