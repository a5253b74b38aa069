using Limiter.Functions.Startup;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

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
}
