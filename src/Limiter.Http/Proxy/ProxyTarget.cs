using System.Diagnostics.CodeAnalysis;
using Limiter.Domain.Policies;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Limiter.Http.Proxy;

/// <summary>What a proxied request asks the upstream for.</summary>
/// <param name="Path">
/// The path behind <c>/proxy</c> in its normal form, encoded again: what is matched is what is sent.
/// </param>
/// <param name="Query">As the client wrote it, with its question mark; empty without one.</param>
internal readonly record struct ProxyTarget(string Path, string Query)
{
    private const string Prefix = "/proxy";

    /// <summary>False when the path has no normal form.</summary>
    /// <param name="request">The client's.</param>
    /// <param name="target">What it asks for.</param>
    /// <param name="error">
    /// Why there is none; <see cref="PathError.None"/> also when the path is not behind <c>/proxy</c>.
    /// </param>
    public static bool TryRead(
        HttpRequest request, [NotNullWhen(true)] out ProxyTarget? target, out PathError error)
    {
        target = null;
        if (!PathNormaliser.TryNormalise(WrittenPath(request), out var normal, out error)) return false;
        // Routing found the prefix in its own reading of the path; where the two differ, nothing is forwarded.
        if (!normal.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase)) return false;
        var rest = normal[Prefix.Length..];
        if (rest.Length > 0 && rest[0] != '/') return false;
        target = new ProxyTarget(rest.Length == 0 ? "/" : PathNormaliser.Encode(rest), request.QueryString.Value ?? "");
        return true;
    }

    /// <summary>What comes before the path at an upstream.</summary>
    public static string BaseOf(Uri upstream) =>
        upstream.GetComponents(UriComponents.SchemeAndServer, UriFormat.UriEscaped)
        + upstream.AbsolutePath.TrimEnd('/');

    /// <summary>The address at the upstream: nothing that a client writes reaches its scheme, host or port.</summary>
    /// <param name="upstreamBase">What <see cref="BaseOf"/> gave.</param>
    public Uri At(string upstreamBase) => new(
        upstreamBase + Path + Query, new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true });

    /// <summary>
    /// The path before anything decoded it. A request target in absolute form names a host as well, which is ignored:
    /// then the server's own reading of the path is taken.
    /// </summary>
    private static string WrittenPath(HttpRequest request)
    {
        var raw = request.HttpContext.Features.Get<IHttpRequestFeature>()?.RawTarget;
        return raw is ['/', ..] ? raw : request.PathBase.Add(request.Path).ToUriComponent();
    }
}
