using System.Net;
using System.Net.Http.Headers;
using Limiter.Http.Contract;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;
using Yarp.ReverseProxy.Forwarder;

namespace Limiter.Http.Proxy;

/// <summary>Makes the upstream's request of the client's, and the client's answer of the upstream's.</summary>
/// <param name="target">The upstream's address of what is asked for.</param>
/// <param name="client">The client's address; null when it is not known.</param>
/// <param name="options">Which header is the limiter's own.</param>
/// <param name="limits">What the answer says of the client's limits.</param>
internal sealed class ProxyTransformer(Uri target, IPAddress? client, ProxyOptions options, LimitHeaders limits)
    : HttpTransformer
{
    /// <summary>
    /// Headers of the way here: whoever writes them, the upstream must not take them for this process's.
    /// </summary>
    private static readonly string[] UntrustedPrefixes = ["X-Forwarded-", "X-Original-", "X-Ms-"];

    private static readonly string[] Untrusted = ["Forwarded", "X-Real-IP", "Proxy-Connection"];

    public override async ValueTask TransformRequestAsync(
        HttpContext httpContext, HttpRequestMessage proxyRequest, string destinationPrefix,
        CancellationToken cancellation)
    {
        await base.TransformRequestAsync(httpContext, proxyRequest, destinationPrefix, cancellation)
            .ConfigureAwait(false);
        var request = httpContext.Request;
        proxyRequest.RequestUri = target;
        // The upstream is known by its own name.
        proxyRequest.Headers.Host = null;
        // Beside keep-alive or close Kestrel drops the other names before anyone can read them, and keeps no raw text:
        // a header that is named only there is forwarded like any other.
        foreach (var name in request.Headers.Connection.SelectMany(Names)) Remove(proxyRequest, name);
        foreach (var name in Untrusted) Remove(proxyRequest, name);
        foreach (var (name, _) in request.Headers)
            if (UntrustedPrefixes.Any(prefix => name.StartsWith(prefix, StringComparison.OrdinalIgnoreCase)))
                Remove(proxyRequest, name);
        Remove(proxyRequest, options.CredentialHeader ?? HeaderNames.Authorization);
        if (client is not null) proxyRequest.Headers.TryAddWithoutValidation("X-Forwarded-For", client.ToString());
        proxyRequest.Headers.TryAddWithoutValidation("X-Forwarded-Proto", request.Scheme);
        if (request.Host.HasValue)
            proxyRequest.Headers.TryAddWithoutValidation("X-Forwarded-Host", request.Host.ToUriComponent());
    }

    public override async ValueTask<bool> TransformResponseAsync(
        HttpContext httpContext, HttpResponseMessage? proxyResponse, CancellationToken cancellation)
    {
        var copied = await base.TransformResponseAsync(httpContext, proxyResponse, cancellation).ConfigureAwait(false);
        var headers = httpContext.Response.Headers;
        if (proxyResponse is not null)
            foreach (var name in proxyResponse.Headers.Connection) headers.Remove(name);
        LimitHeaders.RemoveFrom(headers);
        limits.ApplyTo(headers);
        return copied;
    }

    private static IEnumerable<string> Names(string? header) =>
        header?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) ?? [];

    private static void Remove(HttpRequestMessage request, string name)
    {
        // Upgrade is the forwarder's own: it is named by Connection, and an upgraded request needs it.
        if (name.Equals(HeaderNames.Upgrade, StringComparison.OrdinalIgnoreCase)) return;
        RemoveFrom(request.Headers, name);
        if (request.Content is { } content) RemoveFrom(content.Headers, name);
    }

    /// <summary>Only what is there: asked for a name of the other kind, or for no name at all, they throw.</summary>
    private static void RemoveFrom(HttpHeaders headers, string name)
    {
        if (headers.NonValidated.Contains(name)) headers.Remove(name);
    }
}
