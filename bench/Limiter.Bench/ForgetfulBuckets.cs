using Limiter.Domain;
using Limiter.Domain.Buckets;
using Limiter.Domain.Escrow;
using Limiter.Engine.Ports;

namespace Limiter.Bench;

/// <summary>Decides each request as that of a new bucket, and keeps nothing.</summary>
internal sealed class ForgetfulBuckets(TimeProvider clock) : IBuckets
{
    public ValueTask<ReserveReply> ReserveAsync(
        BucketId bucket, ReserveRequest request, CancellationToken cancellation) =>
        new(Bucket.Reserve(null, request, Instant.From(clock.GetUtcNow())).Reply);

    public ValueTask<ChargeOutcome> ChargeAsync(
        BucketId bucket, ChargeRequest request, CancellationToken cancellation) => new(ChargeOutcome.Expired);
}
