using System.Collections.Immutable;
using Limiter.Described;
using Limiter.Http.Auth;
using Limiter.Http.Problems;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Limiter.Http.Surface;

/// <summary>
/// All calls of one path. A host maps the path for every method to <see cref="HandleAsync"/>; the key is asked for
/// before anything is said about methods.
/// </summary>
public sealed class Resource(string pattern, ImmutableArray<Call> calls, Gate gate, ILogger logger)
{
    private readonly string _allow = string.Join(", ",
        calls.Select(call => call.TakesHead ? "GET, HEAD" : call.Operation.Method));

    private readonly Access _leastAccess = calls.Min(call => call.Operation.Access);

    public string Pattern { get; } = pattern;

    public ImmutableArray<Call> Calls { get; } = calls;

    /// <summary>Answers a request; whatever goes wrong becomes an answer too.</summary>
    public Task<IResult> HandleAsync(HttpRequest request, CancellationToken cancellation)
    {
        try
        {
            var handling = Dispatch(request, cancellation);
            return handling.IsCompletedSuccessfully ? handling : AwaitAsync(handling, request);
        }
        catch (Exception e)
        {
            return Task.FromResult(Fault.Answer(e, request, logger));
        }
    }

    private Task<IResult> Dispatch(HttpRequest request, CancellationToken cancellation)
    {
        foreach (var call in Calls)
        {
            if (!call.Takes(request.Method)) continue;
            var (access, viewers) = (call.Operation.Access, call.Operation.ServesViewers);
            if (gate.Refuse(request, access, viewers, out var viewer) is { } refusal)
                return Task.FromResult<IResult>(refusal);
            return viewer is { } known ? ShowAsync(call, known, request, cancellation)
                : call.Handler(request, cancellation);
        }
        return Task.FromResult<IResult>(gate.Refuse(request, _leastAccess, false, out _) ?? NotAllowed());
    }

    private async Task<IResult> ShowAsync(
        Call call, Viewer viewer, HttpRequest request, CancellationToken cancellation) =>
        await gate.RefuseAsync(viewer, cancellation).ConfigureAwait(false)
            ?? await call.Handler(request, cancellation).ConfigureAwait(false);

    private async Task<IResult> AwaitAsync(Task<IResult> handling, HttpRequest request)
    {
        try
        {
            return await handling.ConfigureAwait(false);
        }
        catch (Exception e)
        {
            return Fault.Answer(e, request, logger);
        }
    }

    private Problem NotAllowed() =>
        new(405, ProblemCode.MethodNotAllowed, $"This path takes {_allow}.") { Allow = _allow };
}
