using Limiter.Functions.Startup;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace Limiter.Functions.Http;

/// <summary>What watches the process, and whatever is not there.</summary>
public sealed class ProcessFunctions(EdgeProcess edge)
{
    [Function("healthz")]
    public Task<IResult> LiveAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, Route = "healthz")] HttpRequest request,
        CancellationToken cancellation) =>
        edge.AnswerAsync("/healthz", request, cancellation);

    [Function("readyz")]
    public Task<IResult> ReadyAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, Route = "readyz")] HttpRequest request,
        CancellationToken cancellation) =>
        edge.AnswerAsync("/readyz", request, cancellation);

    [Function("metrics")]
    public Task<IResult> MetricsAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, Route = "metrics")] HttpRequest request,
        CancellationToken cancellation) =>
        edge.AnswerAsync("/metrics", request, cancellation);

    [Function("openapi")]
    public Task<IResult> OpenApiAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, Route = "openapi/v1.json")] HttpRequest request,
        CancellationToken cancellation) =>
        edge.AnswerAsync("/openapi/v1.json", request, cancellation);

    // An empty route would be the function's name; this one takes the root and nothing else.
    [Function("root")]
    public Task<IResult> RootAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, Route = "{ignored:maxlength(0)?}")] HttpRequest request,
        CancellationToken cancellation) =>
        edge.AnswerAsync("/", request, cancellation);

    [Function("dashboard")]
    public Task<IResult> DashboardAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, Route = "dashboard/{*path}")] HttpRequest request,
        CancellationToken cancellation) =>
        edge.AnswerAsync("/dashboard/{**path}", request, cancellation);

    [Function("not-found")]
    public Task<IResult> NotFoundAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, Route = "{*path}")] HttpRequest request,
        CancellationToken cancellation) =>
        edge.NotFoundAsync(request, cancellation);
}
