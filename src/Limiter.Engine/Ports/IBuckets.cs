using Limiter.Domain.Buckets;
using Limiter.Domain.Escrow;

namespace Limiter.Engine.Ports;

/// <summary>
/// The durable buckets. A reply comes back only after what it grants is durable; a bucket's requests are decided one
/// after the other; every decision is <see cref="Bucket"/>'s.
/// </summary>
public interface IBuckets
{
    /// <exception cref="BucketsUnavailableException">
    /// The bucket cannot be reached or cannot be saved; the request may or may not have taken effect.
    /// </exception>
    ValueTask<ReserveReply> ReserveAsync(BucketId bucket, ReserveRequest request, CancellationToken cancellation);

    /// <exception cref="BucketsUnavailableException">As for a reserve. A repetition is safe.</exception>
    ValueTask<ChargeOutcome> ChargeAsync(BucketId bucket, ChargeRequest request, CancellationToken cancellation);
}
