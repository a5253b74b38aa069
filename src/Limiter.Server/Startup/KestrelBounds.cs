using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Limiter.Server.Startup;

/// <summary>The web server's bounds, all of them stated. What exceeds one gets 400, 408, 413, 414 or 431.</summary>
internal static class KestrelBounds
{
    public const int RequestLineBytesMax = 32 * 1024;
    public const int HeaderBytesMax = 32 * 1024;
    public const int HeadersMax = 100;

    /// <summary>Bodies of this surface's own calls are far smaller; the proxy lifts it for what it streams.</summary>
    public const long BodyBytesMax = 1024 * 1024;

    public const long ConnectionsMax = 20_000;
    public const long UpgradedConnectionsMax = 1_000;

    public static void Apply(KestrelServerOptions options)
    {
        options.AddServerHeader = false;
        options.AllowSynchronousIO = false;
        options.Limits.MaxRequestLineSize = RequestLineBytesMax;
        options.Limits.MaxRequestHeadersTotalSize = HeaderBytesMax;
        options.Limits.MaxRequestHeaderCount = HeadersMax;
        options.Limits.MaxRequestBodySize = BodyBytesMax;
        options.Limits.MaxConcurrentConnections = ConnectionsMax;
        options.Limits.MaxConcurrentUpgradedConnections = UpgradedConnectionsMax;
        options.Limits.KeepAliveTimeout = TimeSpan.FromSeconds(130);
        options.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(15);
    }
}
