using System.Text.Json;
using Limiter.Engine.Usage;
using Limiter.Http.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Limiter.Http.Usage;

/// <summary>One stream: a line of JSON each second (<c>application/x-ndjson</c>).</summary>
internal sealed class LiveStream(LiveHandler live, int seconds) : IResult
{
    private const string ContentType = "application/x-ndjson";

    private static readonly JsonEncodedText At = JsonEncodedText.Encode("at");
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        response.ContentType = ContentType;
        response.Headers.CacheControl = "no-store";
        if (HttpMethods.IsHead(httpContext.Request.Method)) return;
        if (live.TryBegin() is { } problem)
        {
            await problem.ExecuteAsync(httpContext).ConfigureAwait(false);
            return;
        }
        try
        {
            await StreamAsync(httpContext).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // The caller has gone, or the host stops: neither waits for the end of the hour.
        }
        finally
        {
            live.End();
        }
    }

    private async Task StreamAsync(HttpContext context)
    {
        // A gateway in front shall pass each line on as it comes.
        context.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
        context.Response.Headers["X-Accel-Buffering"] = "no";
        var stopping = context.RequestServices.GetService<IHostApplicationLifetime>()?.ApplicationStopping ?? default;
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, stopping);
        var body = context.Response.BodyWriter;
        using var timer = new PeriodicTimer(Second, live.Pace);
        var before = live.Counts.Now();
        await body.FlushAsync(ended.Token).ConfigureAwait(false);
        for (var told = 0; told < seconds; told++)
        {
            if (!await timer.WaitForNextTickAsync(ended.Token).ConfigureAwait(false)) return;
            var now = live.Counts.Now();
            using (var json = new Utf8JsonWriter(body)) Write(json, before, now);
            body.GetSpan(1)[0] = (byte)'\n';
            body.Advance(1);
            await body.FlushAsync(ended.Token).ConfigureAwait(false);
            before = now;
        }
    }

    private static void Write(Utf8JsonWriter json, in LiveCount before, in LiveCount now)
    {
        json.WriteStartObject();
        json.WriteTime(At, now.At);
        json.WriteNumber("allowed", now.Allowed - before.Allowed);
        json.WriteNumber("denied", now.Denied - before.Denied);
        json.WriteNumber("refused", now.Refused - before.Refused);
        json.WriteNumber("degraded", now.Degraded - before.Degraded);
        json.WriteBoolean("degradedNow", now.IsDegraded);
        json.WriteNumber("active", now.Active);
        json.WriteNumber("version", now.Generation);
        json.WriteEndObject();
    }
}
