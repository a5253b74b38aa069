using Limiter.Domain;
using Limiter.Domain.Buckets;
using Limiter.Domain.Escrow;

namespace Limiter.Functions.Entities;

/// <summary>
/// The part of an answer that a bucket's own state cannot tell again: of a charge, of a reserve that left nothing to
/// remember (a denial, a look), and of one by an edge that the bucket does not remember.
/// </summary>
/// <param name="Asker">The edge of a reserve, the random id of a charge.</param>
/// <param name="Number">The reserve's number; 0 for a charge.</param>
/// <param name="At">The bucket's time of the decision.</param>
/// <param name="Outcome">A <see cref="ReserveOutcome"/>, or of a charge a <see cref="ChargeOutcome"/>.</param>
/// <param name="Exact">See <see cref="ReserveReply.Exact"/>.</param>
/// <param name="Alone">See <see cref="ReserveReply.Alone"/>.</param>
/// <param name="RetryAt">See <see cref="ReserveReply.RetryAt"/>.</param>
/// <param name="Violated">See <see cref="ReserveReply.Violated"/>.</param>
internal readonly record struct KeptAnswer(
    ulong Asker, long Number, Instant At, int Outcome, bool Exact, bool Alone, Instant RetryAt, uint Violated)
{
    // As long as the request can still be under way: delivered again it would be granted to nobody.
    private const long ReserveLifetimeMs = Lease.LateMsMax;

    // Who asked has given up by then, and the bucket itself knows a charge that comes again.
    private const long ChargeLifetimeMs = 10_000;

    /// <summary>Until when it is kept.</summary>
    public Instant Until => At + (Number == 0 ? ChargeLifetimeMs : ReserveLifetimeMs);

    public static KeptAnswer Of(ReserveRequest request, ReserveReply reply) => new(
        request.Edge.Value, request.Number, reply.Now, (int)reply.Outcome, reply.Exact, reply.Alone, reply.RetryAt,
        reply.Violated);

    public static KeptAnswer Of(ulong call, ChargeOutcome outcome, Instant now) =>
        new(call, 0, now, (int)outcome, false, false, default, 0);
}
