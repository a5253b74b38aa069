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

    [LoggerMessage(4, LogLevel.Information, "Usage: {Rows} rows and totals that were kept for long enough are deleted")]
    public static partial void Deleted(ILogger logger, long rows);
}
