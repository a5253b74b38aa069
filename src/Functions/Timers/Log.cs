using Microsoft.Extensions.Logging;

namespace Limiter.Functions.Timers;

internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Information, "Sweep: {Seen} idle buckets seen, {Deleted} deleted")]
    public static partial void Swept(ILogger logger, int seen, int deleted);
}
