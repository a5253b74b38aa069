using Microsoft.Extensions.Logging;

namespace Limiter.Http.Surface;

internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Error, "{Method} {Path} failed")]
    public static partial void Failed(ILogger logger, Exception exception, string method, string path);

    [LoggerMessage(2, LogLevel.Warning, "{Method} {Path}: the store cannot be reached")]
    public static partial void Unavailable(ILogger logger, Exception exception, string method, string path);
}
