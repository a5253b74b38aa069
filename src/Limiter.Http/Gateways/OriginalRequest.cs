using Limiter.Domain.Policies;
using Limiter.Http.Checks;
using Limiter.Http.Problems;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Limiter.Http.Gateways;

/// <summary>
/// The request that a gateway asks about, as it tells of it: in one of three ways, and in no two of them.
/// </summary>
/// <param name="Method">Its method.</param>
/// <param name="Path">Its path and query as the client wrote them.</param>
/// <remarks>
/// Two ways at once would let a client choose: a header that one gateway sets, another one passes on.
/// </remarks>
internal readonly record struct OriginalRequest(string Method, string Path)
{
    private const string Prefix = "/v1/authorize";

    // Traefik and Caddy; nginx, as its configuration has it.
    private static readonly (string Method, string Path)[] Pairs =
        [("X-Forwarded-Method", "X-Forwarded-Uri"), ("X-Original-Method", "X-Original-URI")];

    /// <summary>Whether it is told by the path itself.</summary>
    public static bool IsBehindPrefix(HttpRequest request) =>
        request.Path.Value is { } path && path.Length > Prefix.Length;

    public static Problem? TryRead(HttpRequest request, out OriginalRequest original)
    {
        original = default;
        var path = BehindPrefix(request);
        var used = path is null ? null : Prefix + "/...";
        if (path is not null) original = new OriginalRequest(request.Method, path);
        foreach (var pair in Pairs)
        {
            if (request.Headers[pair.Method].Count == 0 && request.Headers[pair.Path].Count == 0) continue;
            if (used is not null)
                return InputProblem.Conflicting(pair.Path, $"The request is told by {used} and by {pair.Path}.");
            used = pair.Path;
            if (TryRead(request.Headers, pair, out original) is { } problem) return problem;
        }
        if (used is null) return InputProblem.Missing(Pairs[0].Path);
        if (!EndpointMatcher.IsMethod(original.Method)) return InputProblem.Invalid("method", "an HTTP method");
        return original.Path.Length > CheckFields.PathLengthMax ? CheckFields.PathTooLong() : null;
    }

    private static Problem? TryRead(
        IHeaderDictionary headers, (string Method, string Path) pair, out OriginalRequest original)
    {
        original = default;
        foreach (var name in (ReadOnlySpan<string>)[pair.Method, pair.Path])
        {
            if (headers[name].Count == 0) return InputProblem.Missing(name);
            if (headers[name].Count > 1) return InputProblem.Duplicate(name);
        }
        original = new OriginalRequest(headers[pair.Method].ToString(), headers[pair.Path].ToString());
        return null;
    }

    // Envoy puts its prefix before the path: what follows is as the client wrote it. Null without anything behind it.
    private static string? BehindPrefix(HttpRequest request)
    {
        if (!IsBehindPrefix(request)) return null;
        var raw = request.HttpContext.Features.Get<IHttpRequestFeature>()?.RawTarget;
        var written = raw is ['/', ..] ? raw : request.Path.ToUriComponent() + request.QueryString;
        // A prefix that only another spelling of the path has is nobody's: the path has no normal form.
        return written.StartsWith(Prefix + "/", StringComparison.OrdinalIgnoreCase) ? written[Prefix.Length..] : "\\";
    }
}
