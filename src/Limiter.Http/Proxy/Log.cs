using Microsoft.Extensions.Logging;
using Yarp.ReverseProxy.Forwarder;

namespace Limiter.Http.Proxy;

internal static partial class Log
{
    [LoggerMessage(3, LogLevel.Warning, "The upstream did not answer a request: {Error}")]
    public static partial void UpstreamFailed(ILogger logger, ForwarderError error);

    // Not the value: whoever answers for the upstream does not write this log.
    [LoggerMessage(4, LogLevel.Warning,
        "{Count} answers of the upstream told a cost that is no whole number within the policy's bounds")]
    public static partial void CostsIgnored(ILogger logger, long count);

    [LoggerMessage(5, LogLevel.Warning,
        "{Count} costs that the upstream told are lost, as too many corrections wait: the checks stand as charged")]
    public static partial void CostsLost(ILogger logger, long count);
}
