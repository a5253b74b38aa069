using Limiter.Client.Edge;
using Limiter.Domain.Decisions;
using Limiter.Engine.Checks;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Limiter.Client.Web;

/// <summary>
/// Decides about each request before the rest of the pipeline sees it. One that passes goes on with the limits' headers
/// on its answer; another gets the contract's refusal. A request that comes by again, as error handlers make it, is not
/// decided twice.
/// </summary>
internal sealed class LimiterMiddleware(RequestDelegate next, ClientEdge edge)
{
    public Task InvokeAsync(HttpContext context)
    {
        if (LimiterAnswer.Of(context) is { } known)
        {
            known.ApplyHeaders(context.Response);
            return next(context);
        }
        if (!LimiterRequest.TryRead(context, edge, out var checker, out var check, out var problem))
            return problem.ExecuteAsync(context);
        var answer = LimiterAnswer.Rent();
        var deciding = checker.CheckAsync(check, answer.Decision, AbortOf(context));
        return deciding.IsCompletedSuccessfully
            ? GoOn(context, answer, check)
            : AwaitAsync(deciding, context, answer, check);
    }

    private static CancellationToken AbortOf(HttpContext context) =>
        context.Feature<IHttpRequestLifetimeFeature>()?.RequestAborted ?? CancellationToken.None;

    private async Task AwaitAsync(ValueTask deciding, HttpContext context, LimiterAnswer answer, Check check)
    {
        try
        {
            await deciding.ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // Nobody is there to be answered.
            return;
        }
        await GoOn(context, answer, check).ConfigureAwait(false);
    }

    private Task GoOn(HttpContext context, LimiterAnswer answer, in Check check)
    {
        LimiterRequest.Learn(edge, check, answer.Decision);
        if (answer.Decision.Outcome != Outcome.Allowed)
        {
            var refusing = answer.RefuseAsync(context, check.Path);
            answer.Return();
            return refusing;
        }
        answer.ApplyHeaders(context.Response);
        LimiterAnswer.Keep(context, answer);
        var going = next(context);
        if (!going.IsCompletedSuccessfully) return FinishAsync(going, context, answer);
        Finish(context, answer);
        return Task.CompletedTask;
    }

    // Where the pipeline failed the answer stays: whoever handles the failure comes by again, and needs its headers.
    private async Task FinishAsync(Task going, HttpContext context, LimiterAnswer answer)
    {
        try
        {
            await going.ConfigureAwait(false);
        }
        catch when (Correct(answer))
        {
            throw;
        }
        Finish(context, answer);
    }

    // What was said of a cost holds however the request ends. Always true, to be told before anything is unwound.
    private bool Correct(LimiterAnswer answer)
    {
        if (answer.TrueCost is { } cost && answer.IsCharged) edge.Correct(answer.ToAdmitted(), cost);
        answer.TrueCost = null;
        return true;
    }

    private void Finish(HttpContext context, LimiterAnswer answer)
    {
        Correct(answer);
        LimiterAnswer.Keep(context, null);
        answer.Return();
    }
}
