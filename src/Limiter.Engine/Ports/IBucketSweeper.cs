namespace Limiter.Engine.Ports;

/// <summary>
/// Deletes the buckets that nothing is left to remember of. To be called again and again, by one caller.
/// </summary>
public interface IBucketSweeper
{
    /// <summary>Most buckets of one call.</summary>
    const int TakeMax = 10_000;

    /// <summary>
    /// Looks at the next buckets, from where the last call ended, and deletes those at rest
    /// (<see cref="Domain.Buckets.Bucket.IsAtRest"/>). A bucket that is used meanwhile stays.
    /// </summary>
    /// <param name="take">Buckets to look at; 1 to <see cref="TakeMax"/>.</param>
    /// <exception cref="BucketsUnavailableException">The buckets cannot be reached or cannot be saved.</exception>
    ValueTask<SweepResult> SweepAsync(int take, CancellationToken cancellation);
}
