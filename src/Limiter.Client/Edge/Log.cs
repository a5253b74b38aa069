using Microsoft.Extensions.Logging;

namespace Limiter.Client.Edge;

internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Warning, "The limiter failed ({Untold} times more since this was last told): {Why}")]
    public static partial void Failed(ILogger logger, long untold, string why);
}
