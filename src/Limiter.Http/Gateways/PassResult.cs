using Limiter.Http.Contract;
using Microsoft.AspNetCore.Http;

namespace Limiter.Http.Gateways;

/// <summary>The request may go on; the headers are for the gateway to copy to the client.</summary>
internal sealed class PassResult(LimitHeaders limits) : IResult
{
    public Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        response.StatusCode = StatusCodes.Status200OK;
        response.ContentLength = 0;
        limits.ApplyTo(response.Headers);
        return Task.CompletedTask;
    }
}
