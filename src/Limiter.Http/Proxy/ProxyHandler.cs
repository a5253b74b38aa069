using Limiter.Domain.Decisions;
using Limiter.Domain.Policies;
using Limiter.Engine.Checks;
using Limiter.Http.Checks;
using Limiter.Http.Contract;
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
public sealed class ProxyHandler(Checker checker, CheckResults results, Upstream upstream, ILogger logger)
{
    private static readonly Problem NoUpstream = new(503, ProblemCode.NoUpstream,
        "No upstream is configured: start the server with --upstream URL.");

    public async Task<IResult> HandleAsync(HttpRequest request, CancellationToken cancellation)
    {
        if (upstream.Options.Upstream is null) return NoUpstream;
        if (!ProxyTarget.TryRead(request, out var read, out var error) || read is not { } target)
            return RequestProblem.OfPath(error);
        if (target.Path.Length > CheckFields.PathLengthMax) return CheckFields.PathTooLong();
        // What is exempt needs no credential of ours, and may bring one of another kind.
        if (ProxyCaller.TryRead(request, upstream.Options, out var caller) is { } unreadable
            && !IsExempt(request.Method, target)) return unreadable;
        var check = new Check
        {
            Credential = caller.Credential,
            Address = caller.Address,
            Method = request.Method,
            Path = target.Path,
        };
        var result = results.Rent();
        await checker.CheckAsync(check, result.Decision, cancellation).ConfigureAwait(false);
        if (result.Decision.Outcome != Outcome.Allowed) return result;
        var limits = LimitHeaders.From(result.Decision);
        results.Return(result);
        return await ForwardAsync(request.HttpContext, target, caller, limits, cancellation).ConfigureAwait(false);
    }

    private bool IsExempt(string method, in ProxyTarget target) =>
        PathNormaliser.TryNormalise(target.Path, out var path, out _)
        && checker.Policy.Policy.Endpoints.Match(method, path).IsExempt;

    private async Task<IResult> ForwardAsync(
        HttpContext context, ProxyTarget target, ProxyCaller caller, LimitHeaders limits,
        CancellationToken cancellation)
    {
        // The forwarded body is the upstream's to bound; here it is never held.
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
            size.MaxRequestBodySize = null;
        var error = await upstream.SendAsync(context, target, caller.Address, limits, cancellation)
            .ConfigureAwait(false);
        if (error == ForwarderError.None || context.Response.HasStarted) return Silence.Instance;
        if (context.RequestAborted.IsCancellationRequested) return Silence.Instance;
        Log.UpstreamFailed(logger, error);
        context.Response.Clear();
        limits.ApplyTo(context.Response.Headers);
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
