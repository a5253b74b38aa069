using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Yarp.ReverseProxy.Forwarder;

namespace Limiter.Http.Proxy;

/// <summary>The connections to the upstream.</summary>
public sealed class Upstream : IDisposable
{
    private readonly IHttpForwarder _forwarder;
    private readonly ForwarderRequestConfig _config;
    private readonly HttpMessageInvoker _client;
    private readonly string _base;

    private Upstream(IHttpForwarder forwarder, ProxyOptions options)
    {
        _forwarder = forwarder;
        Options = options;
        _base = options.Upstream is { } upstream ? ProxyTarget.BaseOf(upstream) : "";
        _config = new ForwarderRequestConfig { ActivityTimeout = options.ActivityTimeout };
        _client = new HttpMessageInvoker(new SocketsHttpHandler
        {
            // What the upstream says is the client's to interpret: redirects, cookies and encodings pass untouched.
            AllowAutoRedirect = false,
            UseCookies = false,
            AutomaticDecompression = DecompressionMethods.None,
            UseProxy = false,
            ActivityHeadersPropagator = null,
            ConnectTimeout = options.ConnectTimeout,
            EnableMultipleHttp2Connections = true,
            PooledConnectionLifetime = TimeSpan.FromMinutes(10),
        });
    }

    public ProxyOptions Options { get; }

    /// <summary>Adds to a host what <see cref="Open"/> needs there.</summary>
    public static void AddServices(IServiceCollection services) => services.AddHttpForwarder();

    /// <param name="services">A host's, with <see cref="AddServices"/>.</param>
    /// <param name="options">Where to, and how long to wait.</param>
    public static Upstream Open(IServiceProvider services, ProxyOptions options) =>
        new(services.GetRequiredService<IHttpForwarder>(), options);

    internal ValueTask<ForwarderError> SendAsync(
        HttpContext context, ProxyTarget target, in Passage passage, UpstreamCosts costs,
        CancellationToken cancellation)
    {
        var transformer = new ProxyTransformer(target.At(_base), passage, costs, Options);
        return _forwarder.SendAsync(context, _base, _client, _config, transformer, cancellation);
    }

    public void Dispose() => _client.Dispose();
}
