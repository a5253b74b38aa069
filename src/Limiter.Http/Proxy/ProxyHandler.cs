using Limiter.Domain.Decisions;
using Limiter.Domain.Policies;
using Limiter.Engine.Checks;
using Limiter.Http.Auth;
using Limiter.Http.Checks;
using Limiter.Http.Problems;
using Limiter.Http.Surface;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;
using Yarp.ReverseProxy.Forwarder;

namespace Limiter.Http.Proxy;

/// <summary>
/// <c>ANY /proxy/{path}</c>: decides first, and forwards what may pass to the one configured upstream. Bodies stream
/// both ways and are not held.
/// </summary>
public sealed class ProxyHandler(
    Checker checker, CheckResults results, Upstream upstream, KeyGuesses guesses, TimeProvider clock, ILogger logger)
{
    private readonly UpstreamCosts _costs = new(checker, clock, logger);

    private static readonly Problem NoUpstream = new(503, ProblemCode.NoUpstream,
        "No upstream is configured: start the server with --upstream URL.");

    public async Task<IResult> HandleAsync(HttpRequest request, CancellationToken cancellation)
    {
        if (upstream.Options.Upstream is null) return NoUpstream;
        if (!ProxyTarget.TryRead(request, out var read, out var error) || read is not { } target)
            return RequestProblem.OfPath(error);
        if (target.Path.Length > CheckFields.PathLengthMax) return CheckFields.PathTooLong();
        // What is exempt needs no credential of ours, and may bring one of another kind.
        var unreadable = ProxyCaller.TryRead(request, upstream.Options, out var caller);
        var guesser = guesses.GuesserAt(caller.Address);
        var problem = unreadable ?? KeyGuesses.Refuse(guesser, caller.Credential);
        if (problem is not null && !IsExempt(request.Method, target)) return problem;
        var check = new Check
        {
            Credential = caller.Credential,
            Address = caller.Address,
            Method = request.Method,
            Path = target.Path,
        };
        var result = results.Rent();
        await checker.CheckAsync(check, result.Decision, cancellation).ConfigureAwait(false);
        KeyGuesses.Learn(guesser, caller.Credential, result.Decision);
        if (result.Decision.Outcome != Outcome.Allowed) return result;
        var passage = Passage.Of(result.Decision, caller.Address);
        results.Return(result);
        return await ForwardAsync(request.HttpContext, target, passage, cancellation).ConfigureAwait(false);
    }

    private bool IsExempt(string method, in ProxyTarget target) =>
        PathNormaliser.TryNormalise(target.Path, out var path, out _)
        && checker.Policy.Policy.Endpoints.Match(method, path).IsExempt;

    private async Task<IResult> ForwardAsync(
        HttpContext context, ProxyTarget target, Passage passage, CancellationToken cancellation)
    {
        // The forwarded body is the upstream's to bound; here it is never held.
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
            size.MaxRequestBodySize = null;
        var error = await upstream.SendAsync(context, target, passage, _costs, cancellation).ConfigureAwait(false);
        if (error == ForwarderError.None || context.Response.HasStarted) return Silence.Instance;
        if (context.RequestAborted.IsCancellationRequested) return Silence.Instance;
        Log.UpstreamFailed(logger, error);
        context.Response.Clear();
        passage.Limits.ApplyTo(context.Response.Headers);
        return ProblemOf(error);
    }

    private static Problem ProblemOf(ForwarderError error) => error switch
    {
        ForwarderError.RequestTimedOut => new(504, ProblemCode.UpstreamTimeout, "The upstream did not answer in time."),
        ForwarderError.RequestBodyClient =>
            new(400, ProblemCode.BadRequest, "The request's body could not be read."),
        _ => new(502, ProblemCode.UpstreamUnreachable, "The upstream could not be reached, or broke off."),
    };
}
