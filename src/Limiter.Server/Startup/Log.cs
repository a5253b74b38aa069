namespace Limiter.Server.Startup;

internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Warning, "A request to the store failed")]
    public static partial void StoreFailed(ILogger logger, Exception failure);

    [LoggerMessage(2, LogLevel.Warning, "Buckets at rest could not be deleted; it is tried again")]
    public static partial void SweepFailed(ILogger logger, Exception failure);

    [LoggerMessage(3, LogLevel.Warning, "Counted usage could not be saved; it is tried again while the server runs")]
    public static partial void UsageFailed(ILogger logger, Exception failure);

    [LoggerMessage(4, LogLevel.Warning, "Usage could not be summed up; it is tried again each minute")]
    public static partial void RollingFailed(ILogger logger, Exception failure);

    [LoggerMessage(5, LogLevel.Warning, "Usage is summed up again")]
    public static partial void RollingRecovered(ILogger logger);

    [LoggerMessage(8, LogLevel.Information, "Usage: {Rows} rows and totals that were kept for long enough are deleted")]
    public static partial void Deleted(ILogger logger, long rows);

    [LoggerMessage(9, LogLevel.Information, "Usage: {Work}: {Rows} rows in {Elapsed}, {Rate} a second")]
    public static partial void Progress(ILogger logger, string work, long rows, TimeSpan elapsed, long rate);

    [LoggerMessage(6, LogLevel.Warning, "Alerts could not be sent; it is tried again while the server runs")]
    public static partial void AlertsFailed(ILogger logger, Exception failure);

    [LoggerMessage(7, LogLevel.Warning, "Alerts are sent again")]
    public static partial void AlertsRecovered(ILogger logger);
}
