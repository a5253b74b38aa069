using Limiter.Functions.Startup;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;

namespace Limiter.Functions.Http;

/// <summary>The calls of edges in other processes.</summary>
public sealed class EdgeFunctions(EdgeProcess edge)
{
    [Function("leases")]
    public Task<IResult> LeasesAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, Route = "v1/leases")] HttpRequest request,
        [DurableClient] DurableTaskClient client, CancellationToken cancellation) =>
        edge.AnswerAsync("/v1/leases", request, client, cancellation);

    [Function("identities")]
    public Task<IResult> IdentitiesAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, Route = "v1/identities")] HttpRequest request,
        CancellationToken cancellation) =>
        edge.AnswerAsync("/v1/identities", request, cancellation);

    [Function("policy")]
    public Task<IResult> PolicyAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, Route = "v1/policy")] HttpRequest request,
        CancellationToken cancellation) =>
        edge.AnswerAsync("/v1/policy", request, cancellation);

    [Function("rows")]
    public Task<IResult> RowsAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, Route = "v1/rows")] HttpRequest request,
        CancellationToken cancellation) =>
        edge.AnswerAsync("/v1/rows", request, cancellation);
}
