namespace Limiter.Domain.Buckets;

/// <summary>
/// A bucket's stored state cannot be read: it is damaged, or a newer version of Limiter wrote it. It is left untouched.
/// </summary>
public sealed class BucketFormatException(string message) : Exception(message);
