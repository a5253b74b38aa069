using Limiter.Domain.Buckets;

namespace Limiter.Sqlite.Buckets;

/// <summary>A bucket as its row holds it.</summary>
/// <param name="Id">The row's; 0 when there is none yet.</param>
/// <param name="Version">The row's; 0 when there is none yet.</param>
/// <param name="State">Null when there is no row yet.</param>
internal sealed record StoredBucket(long Id, long Version, BucketState? State)
{
    public static readonly StoredBucket None = new(0, 0, null);
}
