using Limiter.Functions.Startup;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace Limiter.Functions.Http;

/// <summary>The calls of administration. Every method comes here, and the surface says which it takes.</summary>
public sealed class TenantFunctions(EdgeProcess edge)
{
    private const string Tenant = "v1/tenants/{tenant}";

    [Function("tenants")]
    public Task<IResult> TenantsAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, Route = "v1/tenants")] HttpRequest request,
        CancellationToken cancellation) =>
        edge.AnswerAsync("/v1/tenants", request, cancellation);

    [Function("tenant")]
    public Task<IResult> TenantAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, Route = Tenant)] HttpRequest request,
        CancellationToken cancellation) =>
        edge.AnswerAsync("/" + Tenant, request, cancellation);

    [Function("keys")]
    public Task<IResult> KeysAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, Route = Tenant + "/keys")] HttpRequest request,
        CancellationToken cancellation) =>
        edge.AnswerAsync("/" + Tenant + "/keys", request, cancellation);

    [Function("key")]
    public Task<IResult> KeyAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, Route = Tenant + "/keys/{key}")] HttpRequest request,
        CancellationToken cancellation) =>
        edge.AnswerAsync("/" + Tenant + "/keys/{key}", request, cancellation);

    [Function("key-rotation")]
    public Task<IResult> KeyRotationAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, Route = Tenant + "/keys/{key}/rotate")] HttpRequest request,
        CancellationToken cancellation) =>
        edge.AnswerAsync("/" + Tenant + "/keys/{key}/rotate", request, cancellation);

    [Function("links")]
    public Task<IResult> LinksAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, Route = Tenant + "/links")] HttpRequest request,
        CancellationToken cancellation) =>
        edge.AnswerAsync("/" + Tenant + "/links", request, cancellation);

    [Function("changes")]
    public Task<IResult> ChangesAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, Route = Tenant + "/changes")] HttpRequest request,
        CancellationToken cancellation) =>
        edge.AnswerAsync("/" + Tenant + "/changes", request, cancellation);

    [Function("override")]
    public Task<IResult> OverrideAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, Route = Tenant + "/overrides/{limit}")] HttpRequest request,
        CancellationToken cancellation) =>
        edge.AnswerAsync("/" + Tenant + "/overrides/{limit}", request, cancellation);

    [Function("adjustment")]
    public Task<IResult> AdjustmentAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, Route = Tenant + "/adjustments/{limit}")] HttpRequest request,
        CancellationToken cancellation) =>
        edge.AnswerAsync("/" + Tenant + "/adjustments/{limit}", request, cancellation);

    [Function("alert-rule")]
    public Task<IResult> AlertRuleAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, Route = Tenant + "/alerts")] HttpRequest request,
        CancellationToken cancellation) =>
        edge.AnswerAsync("/" + Tenant + "/alerts", request, cancellation);

    [Function("alert-test")]
    public Task<IResult> AlertTestAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, Route = Tenant + "/alerts/test")] HttpRequest request,
        CancellationToken cancellation) =>
        edge.AnswerAsync("/" + Tenant + "/alerts/test", request, cancellation);

    [Function("alerts-sent")]
    public Task<IResult> AlertsSentAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, Route = Tenant + "/alerts/sent")] HttpRequest request,
        CancellationToken cancellation) =>
        edge.AnswerAsync("/" + Tenant + "/alerts/sent", request, cancellation);
}
