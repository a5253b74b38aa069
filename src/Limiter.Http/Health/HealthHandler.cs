using System.Buffers;
using Limiter.Engine.Ports;
using Limiter.Http.Problems;
using Microsoft.AspNetCore.Http;

namespace Limiter.Http.Health;

/// <summary><c>GET /healthz</c> and <c>GET /readyz</c>, bare, for whatever watches the process.</summary>
/// <param name="directory">Has to answer.</param>
/// <param name="trouble">Why nothing can be written, in words that anyone may read; null when all is well.</param>
public sealed class HealthHandler(IDirectory directory, Func<string?> trouble)
{
    /// <summary>Longest wait for the directory before the process counts as not ready.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private static readonly IResult Ok = new OkText();

    /// <summary>The process answers.</summary>
    public static Task<IResult> LiveAsync(HttpRequest request, CancellationToken cancellation) => Task.FromResult(Ok);

    /// <summary>The directory answers too, and can be written. A policy is loaded, or this would not run.</summary>
    public async Task<IResult> ReadyAsync(HttpRequest request, CancellationToken cancellation)
    {
        if (trouble() is { } cause) return NotReady($"The store cannot be written: {cause}.");
        try
        {
            await directory.ListTenantsAsync(null, 1, cancellation).AsTask().WaitAsync(Patience, cancellation)
                .ConfigureAwait(false);
            return Ok;
        }
        catch (Exception e) when (e is TimeoutException or StoreUnavailableException)
        {
            return NotReady("The directory of tenants does not answer.");
        }
    }

    private static Problem NotReady(string detail) => new(503, ProblemCode.NotReady, detail) { RetryAfter = 1 };

    private sealed class OkText : IResult
    {
        private static readonly byte[] Body = "ok\n"u8.ToArray();

        public Task ExecuteAsync(HttpContext httpContext)
        {
            var response = httpContext.Response;
            response.ContentType = "text/plain; charset=utf-8";
            response.ContentLength = Body.Length;
            if (!HttpMethods.IsHead(httpContext.Request.Method)) response.BodyWriter.Write(Body);
            return Task.CompletedTask;
        }
    }
}
