using Microsoft.Extensions.Logging;

namespace Limiter.Functions.Timers;

internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Information, "Sweep: {Seen} idle buckets seen, {Deleted} deleted")]
    public static partial void Swept(ILogger logger, int seen, int deleted);

    [LoggerMessage(2, LogLevel.Information, "Usage: {Hours} hours summed up")]
    public static partial void Rolled(ILogger logger, int hours);

    [LoggerMessage(3, LogLevel.Information, "Usage: {Days} days closed")]
    public static partial void Closed(ILogger logger, int days);

    [LoggerMessage(6, LogLevel.Information, "Usage: {Rows} rows and totals that were kept for long enough are deleted")]
    public static partial void Deleted(ILogger logger, long rows);

    [LoggerMessage(4, LogLevel.Information, "Alerts: {Arrived} delivered")]
    public static partial void Delivered(ILogger logger, int arrived);

    [LoggerMessage(5, LogLevel.Information, "Alerts: {Added} daily summaries added")]
    public static partial void Summarised(ILogger logger, int added);
}
