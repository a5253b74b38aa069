namespace Limiter.Functions.Entities;

/// <summary>What a bucket's entity stores, as the platform serializes it.</summary>
public sealed class BucketEntityState
{
    /// <summary>The format that is written. Older ones are read; a newer one is refused and left as it is.</summary>
    public const int Format = 1;

    /// <summary>The format of this state.</summary>
    public int V { get; set; } = Format;

    /// <summary>As <see cref="Domain.Buckets.BucketCodec"/> writes it; null before the first request.</summary>
    public byte[]? Bucket { get; set; }

    /// <summary>What the bucket cannot tell again, as <see cref="KeptAnswers"/> writes it; null for nothing.</summary>
    public byte[]? Answers { get; set; }

    /// <summary>The last UTC day that was closed, in days since 1970-01-01; null for none.</summary>
    public long? ClosedDay { get; set; }

    /// <summary>Tokens charged on that day; null when the bucket did not know them any more.</summary>
    public long? Charged { get; set; }
}
