using Limiter.Domain.Decisions;
using Limiter.Engine.Checks;
using Limiter.Http.Auth;
using Limiter.Http.Checks;
using Limiter.Http.Contract;
using Limiter.Http.Problems;
using Limiter.Http.Proxy;
using Microsoft.AspNetCore.Http;

namespace Limiter.Http.Gateways;

/// <summary>
/// <c>ANY /v1/authorize</c>, for gateways that ask about a request before they forward it: 200 with the limits'
/// headers, or the contract's own refusal. The check is charged.
/// </summary>
public sealed class AuthorizeHandler(
    Checker checker, CheckResults results, ProxyOptions options, KeyGuesses guesses)
{
    private const string Deny = "deny";
    private const string Forbidden = "403";

    public async Task<IResult> HandleAsync(HttpRequest request, CancellationToken cancellation)
    {
        var problem = OriginalRequest.TryRead(request, out var original);
        // Any other gateway may pass its client's query on.
        var narrows = false;
        if (OriginalRequest.IsToldByNginx(request))
            problem = TryReadQuery(request.Query, out narrows) ?? problem;
        var result = problem ?? await DecideAsync(request, original, cancellation).ConfigureAwait(false);
        return narrows ? new NarrowedResult(result) : result;
    }

    private async Task<IResult> DecideAsync(
        HttpRequest request, OriginalRequest original, CancellationToken cancellation)
    {
        if (TryCredential(request, out var credential) is { } unreadable) return unreadable;
        var address = ClientAddress.LastOf(request.Headers["X-Forwarded-For"]);
        // The client's address as the gateway tells it, never the gateway's own.
        var guesser = guesses.GuesserAt(address);
        if (KeyGuesses.Refuse(guesser, credential) is { } tooMany) return tooMany;
        var check = new Check
        {
            Credential = credential,
            Address = address,
            Method = original.Method,
            Path = original.Path,
        };
        var result = results.Rent();
        await checker.CheckAsync(check, result.Decision, cancellation).ConfigureAwait(false);
        KeyGuesses.Learn(guesser, credential, result.Decision);
        if (result.Decision.Outcome != Outcome.Allowed) return result;
        var limits = LimitHeaders.From(result.Decision);
        results.Return(result);
        return new PassResult(limits);
    }

    // The header that opened the door holds the gateway's own key and is nobody's credential.
    private Problem? TryCredential(HttpRequest request, out string? credential)
    {
        credential = null;
        return options.CredentialHeader is null && !request.Headers.ContainsKey(Gate.KeyHeader)
            ? null
            : ProxyCaller.TryCredential(request, options, out credential);
    }

    private static Problem? TryReadQuery(IQueryCollection query, out bool narrows)
    {
        narrows = false;
        foreach (var (name, values) in query)
        {
            if (name != Deny) return InputProblem.Unknown(name);
            if (values.Count != 1) return InputProblem.Duplicate(name);
            if (values[0] != Forbidden) return InputProblem.Invalid(name, Forbidden);
            narrows = true;
        }
        return null;
    }
}
