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

    /// <summary>Whether it is told as nginx' configuration has it.</summary>
    public static bool IsToldByNginx(HttpRequest request) => request.Headers.ContainsKey(Pairs[1].Path);

    /// <summary>Whether it is told by the path itself.</summary>
    private static bool IsBehindPrefix(HttpRequest request) =>
        request.Path.Value is { } path && path.Length > Prefix.Length;

    public static Problem? TryRead(HttpRequest request, out OriginalRequest original)
    {
        original = default;
        var told = Pairs.Where(pair => IsGiven(request.Headers, pair)).ToArray();
        if (told.Length == 0 && !IsBehindPrefix(request)) return InputProblem.Missing(Pairs[0].Path);
        if (told.Length + (IsBehindPrefix(request) ? 1 : 0) > 1)
            return InputProblem.Conflicting(
                told[^1].Path, "The request is told in two ways: a gateway that uses one clears the other's headers.");
        if (told.Length == 0) original = new OriginalRequest(request.Method, BehindPrefix(request));
        else if (TryRead(request.Headers, told[0], out original) is { } problem) return problem;
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

    private static bool IsGiven(IHeaderDictionary headers, (string Method, string Path) pair) =>
        headers.ContainsKey(pair.Method) || headers.ContainsKey(pair.Path);

    // Envoy puts its prefix before the path: what follows is as the client wrote it.
    private static string BehindPrefix(HttpRequest request)
    {
        var raw = request.HttpContext.Features.Get<IHttpRequestFeature>()?.RawTarget;
        var written = raw is ['/', ..] ? raw : request.Path.ToUriComponent() + request.QueryString;
        // Where only another spelling of the path has the prefix, there is nothing that could be matched.
        return written.StartsWith(Prefix + "/", StringComparison.OrdinalIgnoreCase) ? written[Prefix.Length..] : "\\";
    }
}
