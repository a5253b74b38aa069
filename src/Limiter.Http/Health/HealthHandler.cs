using System.Text.Json;
using Limiter.Engine.Callers;
using Limiter.Engine.Ports;
using Limiter.Http.Json;
using Limiter.Http.Problems;
using Limiter.Http.Surface;
using Microsoft.AspNetCore.Http;

namespace Limiter.Http.Health;

/// <summary><c>GET /healthz</c> and <c>GET /readyz</c>, for whatever watches the process.</summary>
/// <param name="directory">Has to answer.</param>
/// <param name="trouble">Why nothing can be written, in words that anyone may read; null when all is well.</param>
/// <param name="policy">The policy in force.</param>
/// <param name="reload">The last change of the policy's file, if it was refused; null when all is well.</param>
public sealed class HealthHandler(
    IDirectory directory, Func<string?> trouble, Func<PolicyInForce> policy, Func<ReloadFailure?> reload)
{
    /// <summary>As many bytes of the policy's digest are shown as tell one file from another.</summary>
    private const int DigestBytes = 6;

    private static readonly JsonEncodedText LoadedAt = JsonEncodedText.Encode("loadedAt");
    private static readonly JsonEncodedText FailedAt = JsonEncodedText.Encode("failedAt");

    /// <summary>Longest wait for the directory before the process counts as not ready.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private static readonly IResult Ok = new PlainText("ok\n"u8.ToArray(), "text/plain; charset=utf-8");

    /// <summary>The process answers.</summary>
    public static Task<IResult> LiveAsync(HttpRequest request, CancellationToken cancellation) => Task.FromResult(Ok);

    /// <summary>
    /// The directory answers too, and can be written. Tells the policy in force, and whether a newer one was refused:
    /// the process is ready all the same.
    /// </summary>
    public async Task<IResult> ReadyAsync(HttpRequest request, CancellationToken cancellation)
    {
        if (trouble() is { } cause) return NotReady($"The store cannot be written: {cause}.");
        try
        {
            await directory.ListTenantsAsync(null, 1, cancellation).AsTask().WaitAsync(Patience, cancellation)
                .ConfigureAwait(false);
            return JsonBody.Object(StatusCodes.Status200OK, (policy(), reload()), static (json, state) =>
                Write(json, state.Item1, state.Item2));
        }
        catch (Exception e) when (e is TimeoutException or StoreUnavailableException)
        {
            return NotReady("The directory of tenants does not answer.");
        }
    }

    private static void Write(Utf8JsonWriter json, PolicyInForce inForce, ReloadFailure? failure)
    {
        json.WriteString("status", "ready");
        json.WriteStartObject("policy");
        json.WriteString("name", inForce.Policy.Name);
        json.WriteString("digest", Convert.ToHexStringLower(inForce.Policy.Digest.AsSpan(0, DigestBytes)));
        json.WriteNumber("generation", inForce.Generation);
        json.WriteTime(LoadedAt, inForce.LoadedAt);
        json.WriteEndObject();
        if (failure is null) return;
        json.WriteStartObject("reload");
        json.WriteTime(FailedAt, failure.At);
        json.WriteNumber("errors", failure.Errors);
        json.WriteEndObject();
    }

    private static Problem NotReady(string detail) => new(503, ProblemCode.NotReady, detail) { RetryAfter = 1 };
}
