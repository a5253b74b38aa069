using Limiter.Domain;
using Limiter.Domain.Buckets;
using Limiter.Engine.Ports;

namespace Limiter.Engine.Tests.Usage;

/// <summary>The buckets of one tenant are out of reach when their days are closed.</summary>
internal sealed class UnreachableDays(string tenant, IDayCharges others) : IDayCharges
{
    public ValueTask<long?> CloseDayAsync(BucketId bucket, Instant day, CancellationToken cancellation) =>
        bucket.Tenant.Text == tenant
            ? throw new BucketsUnavailableException("Out of reach.")
            : others.CloseDayAsync(bucket, day, cancellation);
}
