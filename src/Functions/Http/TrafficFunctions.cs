using Limiter.Functions.Startup;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;

namespace Limiter.Functions.Http;

/// <summary>The calls that ask buckets. Every method comes here, and the surface says which it takes.</summary>
public sealed class TrafficFunctions(EdgeProcess edge)
{
    [Function("check")]
    public Task<IResult> CheckAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, Route = "v1/check")] HttpRequest request,
        [DurableClient] DurableTaskClient client, CancellationToken cancellation) =>
        edge.AnswerAsync("/v1/check", request, client, cancellation);

    [Function("charge")]
    public Task<IResult> ChargeAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, Route = "v1/charge")] HttpRequest request,
        [DurableClient] DurableTaskClient client, CancellationToken cancellation) =>
        edge.AnswerAsync("/v1/charge", request, client, cancellation);

    [Function("limits")]
    public Task<IResult> LimitsAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, Route = "v1/limits")] HttpRequest request,
        [DurableClient] DurableTaskClient client, CancellationToken cancellation) =>
        edge.AnswerAsync("/v1/limits", request, client, cancellation);

    [Function("authorize")]
    public Task<IResult> AuthorizeAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, Route = "v1/authorize/{*path}")] HttpRequest request,
        [DurableClient] DurableTaskClient client, CancellationToken cancellation) =>
        edge.AnswerAsync("/v1/authorize/{**path}", request, client, cancellation);

    [Function("explain")]
    public Task<IResult> ExplainAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, Route = "v1/explain")] HttpRequest request,
        [DurableClient] DurableTaskClient client, CancellationToken cancellation) =>
        edge.AnswerAsync("/v1/explain", request, client, cancellation);

    [Function("proxy")]
    public Task<IResult> ProxyAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, Route = "proxy/{*path}")] HttpRequest request,
        [DurableClient] DurableTaskClient client, CancellationToken cancellation) =>
        edge.AnswerAsync("/proxy/{**path}", request, client, cancellation);
}
