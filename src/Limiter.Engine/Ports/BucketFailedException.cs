namespace Limiter.Engine.Ports;

/// <summary>
/// The store answers, but this one bucket cannot be read: it is damaged, or of a newer version. Other buckets are not
/// concerned.
/// </summary>
public sealed class BucketFailedException(string message, Exception? cause = null)
    : BucketsUnavailableException(message, cause);
