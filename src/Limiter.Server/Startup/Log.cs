namespace Limiter.Server.Startup;

internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Warning, "A request to the store failed")]
    public static partial void StoreFailed(ILogger logger, Exception failure);

    [LoggerMessage(2, LogLevel.Warning, "Buckets at rest could not be deleted; it is tried again")]
    public static partial void SweepFailed(ILogger logger, Exception failure);
}
