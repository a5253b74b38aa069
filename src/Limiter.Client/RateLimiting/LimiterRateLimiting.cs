using System.Threading.RateLimiting;
using Limiter.Client.Edge;
using Limiter.Client.Web;
using Limiter.Http.Checks;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.Extensions.Options;

namespace Limiter.Client.RateLimiting;

/// <summary>Puts the limiter under ASP.NET Core's rate limiting middleware.</summary>
internal sealed class LimiterRateLimiting(ClientEdge edge) : IConfigureOptions<RateLimiterOptions>
{
    private const long RetrySeconds = 1;

    public void Configure(RateLimiterOptions options)
    {
        options.GlobalLimiter = new LimiterPartitions(edge);
        options.RejectionStatusCode = StatusCodes.Status429TooManyRequests;
        options.OnRejected = static (rejected, _) => new ValueTask(RejectAsync(rejected.HttpContext, rejected.Lease));
    }

    private static Task RejectAsync(HttpContext context, RateLimitLease lease) => lease switch
    {
        LimiterRateLimitLease { Problem: { } problem } => problem.ExecuteAsync(context),
        LimiterRateLimitLease { Answer: { } answer } =>
            answer.RefuseAsync(context, LimiterRequest.WrittenPath(context)),
        _ => RefusalProblem.Unreachable(RetrySeconds).ExecuteAsync(context),
    };
}
