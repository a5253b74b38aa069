using System.Diagnostics.CodeAnalysis;
using Limiter.Client.Edge;
using Limiter.Domain.Decisions;
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
    private const long RetrySeconds = 1;

    /// <summary>False when nothing can be decided: the problem says why.</summary>
    /// <param name="context">The request.</param>
    /// <param name="edge">Who is to decide.</param>
    /// <param name="checker">What decides.</param>
    /// <param name="check">The request as the limiter sees it.</param>
    /// <param name="problem">What is wrong.</param>
    public static bool TryRead(
        HttpContext context, ClientEdge edge, [NotNullWhen(true)] out Checker? checker, out Check check,
        [NotNullWhen(false)] out Problem? problem)
    {
        check = default;
        checker = edge.Checker;
        if (checker is null) problem = RefusalProblem.Unreachable(RetrySeconds);
        else if ((problem = Read(context, edge.Options, out check) ?? RefuseGuess(edge, check)) is not null
            && check.Path is not null && IsExempt(check, checker.Policy.Policy)) problem = null;
        return problem is null;
    }

    /// <summary>A credential was looked up, or was not needed.</summary>
    public static void Learn(ClientEdge edge, in Check check, Decision decision)
    {
        if (check.Credential is { } credential)
            KeyGuesses.Learn(edge.Guesses.GuesserAt(check.Address), credential, decision);
    }

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
        var raw = context.Feature<IHttpRequestFeature>()?.RawTarget;
        if (raw is ['/', ..]) return raw;
        var request = context.Request;
        return request.PathBase.Add(request.Path).ToUriComponent() + request.QueryString.ToUriComponent();
    }

    private static Problem? Read(HttpContext context, LimiterClientOptions options, out Check check)
    {
        var path = WrittenPath(context);
        check = default;
        // Routing takes an escaped slash for a character of a segment, a policy's patterns take it for a slash: such a
        // path would be charged as one endpoint's and reach another.
        if (path.Contains('%', StringComparison.Ordinal)
            && PathOf(path).Contains(EscapedSlash, StringComparison.OrdinalIgnoreCase))
            return RequestProblem.InvalidPath;
        LimiterIdentity identity = default;
        Problem? unreadable = null;
        if (options.Identify is { } identify) identity = identify(context);
        else if (context.Request.Headers.Authorization.Count > 0)
        {
            if (BearerToken.TryRead(context.Request, out var token))
                identity = LimiterIdentity.OfCredential(token.ToString());
            else unreadable = RequestProblem.UnreadableCredential(CredentialHeader);
        }
        var peer = context.Feature<IHttpConnectionFeature>()?.RemoteIpAddress;
        if (peer is { IsIPv4MappedToIPv6: true }) peer = peer.MapToIPv4();
        var metadata = context.Feature<IEndpointFeature>()?.Endpoint?.Metadata;
        if (metadata?.GetMetadata<LimiterMetadata>() is null) metadata = null;
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

    private static Problem? RefuseGuess(ClientEdge edge, in Check check) =>
        check.Credential is { } credential
            ? KeyGuesses.Refuse(edge.Guesses.GuesserAt(check.Address), credential)
            : null;

    // Nobody's credential matters to it then.
    private static bool IsExempt(in Check check, Policy policy) =>
        EndpointMatcher.IsMethod(check.Method) && PathNormaliser.TryNormalise(check.Path, out var path, out _)
        && policy.Endpoints.Match(check.Method, path).IsExempt;

    private static ReadOnlySpan<char> PathOf(string target) =>
        target.AsSpan(0, target.IndexOf('?', StringComparison.Ordinal) is >= 0 and var end ? end : target.Length);
}
