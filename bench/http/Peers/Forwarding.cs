using System.Net;
using Yarp.ReverseProxy.Forwarder;

namespace Peers;

/// <summary>YARP's forwarder, with the same connections to the upstream as Limiter's proxy.</summary>
internal static class Forwarding
{
    public static void AddTo(IServiceCollection services) => services.AddHttpForwarder();

    public static void Map(WebApplication app, string upstream)
    {
        var client = new HttpMessageInvoker(new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            AutomaticDecompression = DecompressionMethods.None,
            UseProxy = false,
            ActivityHeadersPropagator = null,
            EnableMultipleHttp2Connections = true,
        });
        app.Lifetime.ApplicationStopped.Register(client.Dispose);
        app.MapForwarder("/{**path}", upstream, ForwarderRequestConfig.Empty, HttpTransformer.Default, client);
    }
}
