using Microsoft.Extensions.Logging;

namespace Limiter.Functions.Startup;

internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Warning, "A request to the store failed")]
    public static partial void StoreFailed(ILogger logger, Exception failure);

    [LoggerMessage(2, LogLevel.Warning, "Counted usage could not be saved; it is tried again while this instance runs")]
    public static partial void UsageFailed(ILogger logger, Exception failure);

    [LoggerMessage(4, LogLevel.Information, "Usage: {Work}: {Rows} rows in {Elapsed}, {Rate} a second")]
    public static partial void Progress(ILogger logger, string work, long rows, TimeSpan elapsed, long rate);

    [LoggerMessage(3, LogLevel.Warning, "What was found for alerts could not be saved; it is tried again")]
    public static partial void AlertsFailed(ILogger logger, Exception failure);
}
