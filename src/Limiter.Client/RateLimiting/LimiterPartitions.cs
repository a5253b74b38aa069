using System.Threading.RateLimiting;
using Limiter.Client.Edge;
using Limiter.Client.Web;
using Limiter.Domain.Decisions;
using Microsoft.AspNetCore.Http;

namespace Limiter.Client.RateLimiting;

/// <summary>The limiter as ASP.NET Core's middleware asks one: for a lease of one request.</summary>
internal sealed class LimiterPartitions(ClientEdge edge) : PartitionedRateLimiter<HttpContext>
{
    /// <summary>The limiter counts by buckets of its own and has no one number for a request.</summary>
    public override RateLimiterStatistics? GetStatistics(HttpContext resource) => null;

#pragma warning disable CA1725 // The platform's word for a token is not ours.
    /// <summary>Never decides, since that may take time: whoever asks goes on to ask asynchronously.</summary>
    protected override RateLimitLease AttemptAcquireCore(HttpContext resource, int count) =>
        LimiterRateLimitLease.Undecided;

    /// <summary>Decides. What it costs is the policy's to say, whatever the count.</summary>
    protected override async ValueTask<RateLimitLease> AcquireAsyncCore(
        HttpContext resource, int count, CancellationToken cancellationToken)
    {
        if (LimiterAnswer.Of(resource) is { } known)
        {
            known.ApplyHeaders(resource.Response);
            return LimiterRateLimitLease.Again;
        }
        if (!LimiterRequest.TryRead(resource, edge, out var checker, out var check, out var problem))
            return new LimiterRateLimitLease(problem);
        var answer = LimiterAnswer.Rent();
        await checker.CheckAsync(check, answer.Decision, cancellationToken).ConfigureAwait(false);
        LimiterRequest.Learn(edge, check, answer.Decision);
        if (answer.Decision.Outcome == Outcome.Allowed)
        {
            answer.ApplyHeaders(resource.Response);
            LimiterAnswer.Keep(resource, answer);
        }
        return new LimiterRateLimitLease(answer, edge);
    }
#pragma warning restore CA1725
}
