using Limiter.Domain;
using Limiter.Domain.Buckets;

namespace Limiter.Engine.Ports;

/// <summary>What buckets charged on a day that is over.</summary>
public interface IDayCharges
{
    /// <summary>
    /// Tokens that a bucket charged on a UTC day, without what the day before carried over. Once told, the same is told
    /// again as long as the bucket knows the day.
    /// </summary>
    /// <param name="bucket">The bucket.</param>
    /// <param name="day">The day's start.</param>
    /// <returns>
    /// Null when it does not know: it never was, the day is not over, or it was used on later days than the next.
    /// </returns>
    /// <exception cref="BucketsUnavailableException">The bucket cannot be reached. A repetition is safe.</exception>
    ValueTask<long?> CloseDayAsync(BucketId bucket, Instant day, CancellationToken cancellation);
}
