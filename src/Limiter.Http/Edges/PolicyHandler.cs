using System.Globalization;
using Limiter.Engine.Callers;
using Limiter.Engine.Remotes;
using Limiter.Http.Json;
using Microsoft.AspNetCore.Http;

namespace Limiter.Http.Edges;

/// <summary>
/// <c>GET /v1/policy</c>: the file in force, whole and as it is, so that an edge elsewhere compiles it to the same
/// meaning. With <c>If-None-Match</c> a 304 while nothing has changed.
/// </summary>
public sealed class PolicyHandler(RemoteEdges remotes)
{
    public Task<IResult> HandleAsync(HttpRequest request, CancellationToken cancellation)
    {
        var policy = remotes.Policy;
        var tag = TagOf(policy);
        IResult answer = request.Headers.IfNoneMatch.ToString().Split(',', StringSplitOptions.TrimEntries).Contains(tag)
            ? new Unchanged(tag)
            : JsonBody.Object(StatusCodes.Status200OK, (policy, remotes.Options), static (json, told) =>
            {
                json.WriteNumber("generation"u8, told.policy.Generation);
                json.WriteString("sha256"u8, DigestOf(told.policy));
                json.WriteNumber("leaseMs"u8, told.Options.LifetimeMs);
                json.WriteNumber("waitMs"u8, (long)told.Options.WaitLimit.TotalMilliseconds);
                json.WriteString("source"u8, told.policy.Policy.Source.AsSpan());
            }).With(tag);
        return Task.FromResult(answer);
    }

    private static string TagOf(PolicyInForce policy) => string.Create(
        CultureInfo.InvariantCulture, $"\"{policy.Generation}-{DigestOf(policy).AsSpan(0, 16)}\"");

    private static string DigestOf(PolicyInForce policy) => Convert.ToHexStringLower(policy.Policy.Digest.AsSpan());

    private sealed class Unchanged(string tag) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext)
        {
            httpContext.Response.StatusCode = StatusCodes.Status304NotModified;
            httpContext.Response.Headers.ETag = tag;
            httpContext.Response.Headers.CacheControl = "no-store";
            return Task.CompletedTask;
        }
    }
}
