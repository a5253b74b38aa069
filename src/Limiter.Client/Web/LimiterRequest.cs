using Limiter.Domain.Policies;
using Limiter.Engine.Checks;
using Limiter.Http.Auth;
using Limiter.Http.Checks;
using Limiter.Http.Problems;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Limiter.Client.Web;

/// <summary>Reads a request as the limiter sees it.</summary>
internal static class LimiterRequest
{
    private const string CredentialHeader = "Authorization";
    private const string EscapedSlash = "%2F";

    /// <summary>What is wrong with the request before anything can be decided; null when nothing is.</summary>
    public static Problem? TryRead(HttpContext context, LimiterClientOptions options, out Check check)
    {
        var path = WrittenPath(context);
        check = default;
        // Routing takes an escaped slash for a character of a segment, a policy's patterns take it for a slash: such a
        // path would be charged as one endpoint's and reach another.
        if (PathOf(path).Contains(EscapedSlash, StringComparison.OrdinalIgnoreCase)) return RequestProblem.InvalidPath;
        LimiterIdentity identity = default;
        Problem? unreadable = null;
        if (options.Identify is { } identify) identity = identify(context);
        else if (context.Request.Headers.Authorization.Count > 0)
        {
            if (BearerToken.TryRead(context.Request, out var token))
                identity = LimiterIdentity.OfCredential(token.ToString());
            else unreadable = RequestProblem.UnreadableCredential(CredentialHeader);
        }
        var peer = context.Connection.RemoteIpAddress;
        if (peer is { IsIPv4MappedToIPv6: true }) peer = peer.MapToIPv4();
        var metadata = context.GetEndpoint()?.Metadata;
        check = new Check
        {
            Credential = identity.Credential,
            Tenant = identity.Tenant,
            Key = identity.Key,
            Address = peer,
            Method = context.Request.Method,
            Path = path,
            Cost = metadata?.GetMetadata<LimiterCost>()?.Cost,
            Records = metadata?.GetMetadata<LimiterRecords>()?.Count(context),
        };
        return unreadable;
    }

    /// <summary>Whether nobody's credential matters to it.</summary>
    public static bool IsExempt(in Check check, Policy policy) =>
        EndpointMatcher.IsMethod(check.Method) && PathNormaliser.TryNormalise(check.Path, out var path, out _)
        && policy.Endpoints.Match(check.Method, path).IsExempt;

    /// <summary>What is wrong with a path that has no normal form.</summary>
    public static Problem ProblemOf(string path)
    {
        PathNormaliser.TryNormalise(path, out _, out var error);
        return RequestProblem.OfPath(error);
    }

    /// <summary>
    /// The path and query before anything decoded them. A request target in absolute form names a host as well: then
    /// the server's own reading is taken.
    /// </summary>
    public static string WrittenPath(HttpContext context)
    {
        var raw = context.Features.Get<IHttpRequestFeature>()?.RawTarget;
        if (raw is ['/', ..]) return raw;
        var request = context.Request;
        return request.PathBase.Add(request.Path).ToUriComponent() + request.QueryString.ToUriComponent();
    }

    private static ReadOnlySpan<char> PathOf(string target) =>
        target.AsSpan(0, target.IndexOf('?', StringComparison.Ordinal) is >= 0 and var end ? end : target.Length);
}
