using System.Net.Http.Headers;
using Limiter.Domain.Tenants;
using Limiter.Http.Contract;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;
using Yarp.ReverseProxy.Forwarder;

namespace Limiter.Http.Proxy;

/// <summary>Makes the upstream's request of the client's, and the client's answer of the upstream's.</summary>
/// <param name="target">The upstream's address of what is asked for.</param>
/// <param name="passage">What was admitted.</param>
/// <param name="costs">Told of the upstream's cost, where the policy lets it tell one.</param>
/// <param name="options">Which header is the limiter's own.</param>
internal sealed class ProxyTransformer(Uri target, Passage passage, UpstreamCosts costs, ProxyOptions options)
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
        if (request.Headers.Connection is { Count: > 0 } connection)
            foreach (var name in connection.SelectMany(Names)) Remove(proxyRequest, name);
        foreach (var name in Untrusted) Remove(proxyRequest, name);
        foreach (var (name, _) in request.Headers)
            if (IsUntrusted(name)) Remove(proxyRequest, name);
        if (!KeepsCredential(request)) Remove(proxyRequest, CredentialHeader);
        if (passage.Client is { } client)
            proxyRequest.Headers.TryAddWithoutValidation("X-Forwarded-For", client.ToString());
        proxyRequest.Headers.TryAddWithoutValidation("X-Forwarded-Proto", request.Scheme);
        if (request.Host.HasValue)
            proxyRequest.Headers.TryAddWithoutValidation("X-Forwarded-Host", request.Host.ToUriComponent());
    }

    public override async ValueTask<bool> TransformResponseAsync(
        HttpContext httpContext, HttpResponseMessage? proxyResponse, CancellationToken cancellation)
    {
        var copied = await base.TransformResponseAsync(httpContext, proxyResponse, cancellation).ConfigureAwait(false);
        var headers = httpContext.Response.Headers;
        // Rare, and the typed reading makes a collection of it even where there is none.
        if (proxyResponse is not null && proxyResponse.Headers.NonValidated.Contains(HeaderNames.Connection))
            foreach (var name in proxyResponse.Headers.Connection) headers.Remove(name);
        LimitHeaders.RemoveFrom(headers);
        passage.Limits.ApplyTo(headers);
        TakeCost(proxyResponse, headers);
        return copied;
    }

    private string CredentialHeader => options.CredentialHeader ?? HeaderNames.Authorization;

    private static bool IsUntrusted(string name)
    {
        foreach (var prefix in UntrustedPrefixes)
            if (name.StartsWith(prefix, StringComparison.OrdinalIgnoreCase)) return true;
        return false;
    }

    // Where the policy does not let the upstream tell a cost, the header is the upstream's own affair.
    private void TakeCost(HttpResponseMessage? answer, IHeaderDictionary headers)
    {
        if (passage.CostBounds is not { } bounds) return;
        headers.Remove(UpstreamCosts.HeaderName);
        if (answer is not null && !passage.IsExempt) costs.Take(answer, passage.Admitted, bounds);
    }

    // Nobody looked at an exempt request's credential: it may be meant for the upstream, as a webhook's is. One of ours
    // is not.
    private bool KeepsCredential(HttpRequest request) =>
        passage.IsExempt && !request.Headers[CredentialHeader].Any(value => value is null
            || value.Contains(Secret.LivePrefix, StringComparison.Ordinal)
            || value.Contains(Secret.TestPrefix, StringComparison.Ordinal));

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
