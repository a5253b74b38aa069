using Microsoft.Extensions.Logging;

namespace Limiter.Sqlite;

/// <summary>What the embedded store tells its operator.</summary>
internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Information, "The store is {File}.")]
    public static partial void Opened(ILogger logger, string file);

    [LoggerMessage(2, LogLevel.Error, "The store cannot be written: the policy answers what needs it. {Reason}")]
    public static partial void Failed(ILogger logger, string reason, Exception exception);

    [LoggerMessage(3, LogLevel.Information, "The store {File} can be written again.")]
    public static partial void Recovered(ILogger logger, string file);

    [LoggerMessage(4, LogLevel.Error, "The bucket {Bucket} cannot be decided.")]
    public static partial void BucketFailed(ILogger logger, string bucket, Exception exception);

    [LoggerMessage(5, LogLevel.Warning, "The log could not be moved into the closed store; the next start does it.")]
    public static partial void NotCheckpointed(ILogger logger, Exception exception);
}
