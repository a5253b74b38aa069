using Microsoft.Extensions.Logging;
using Yarp.ReverseProxy.Forwarder;

namespace Limiter.Http.Proxy;

internal static partial class Log
{
    [LoggerMessage(3, LogLevel.Warning, "The upstream did not answer a request: {Error}")]
    public static partial void UpstreamFailed(ILogger logger, ForwarderError error);
}
