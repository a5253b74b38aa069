using Limiter.Functions.Startup;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;

namespace Limiter.Functions.Http;

/// <summary>
/// The calls that tell what was counted. Every method comes here, and the surface says which it takes.
/// </summary>
public sealed class UsageCallFunctions(EdgeProcess edge)
{
    [Function("usage")]
    public Task<IResult> UsageAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, Route = "v1/usage/{tenant}")] HttpRequest request,
        CancellationToken cancellation) =>
        edge.AnswerAsync("/v1/usage/{tenant}", request, cancellation);

    // It looks at limits, so it asks buckets.
    [Function("overview")]
    public Task<IResult> OverviewAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, Route = "v1/overview")] HttpRequest request,
        [DurableClient] DurableTaskClient client, CancellationToken cancellation) =>
        edge.AnswerAsync("/v1/overview", request, client, cancellation);

    [Function("live")]
    public Task<IResult> LiveAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, Route = "v1/live")] HttpRequest request,
        CancellationToken cancellation) =>
        edge.AnswerAsync("/v1/live", request, cancellation);
}
