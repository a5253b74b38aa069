using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Limiter.Http.Tests.Alerts;

/// <summary>A receiver of webhooks on a free port of this machine, which keeps ids as one should.</summary>
internal sealed class HookReceiver : IAsyncDisposable
{
    private readonly WebApplication _app;

    private HookReceiver(WebApplication app) => _app = app;

    /// <summary>Where alerts are posted to.</summary>
    public Uri Hook => new(new Uri(_app.Urls.First()), "/hooks/limiter?from=test");

    /// <summary>Every request that came whole.</summary>
    public ConcurrentQueue<Delivery> Deliveries { get; } = new();

    /// <summary>What was done: once for each id.</summary>
    public ConcurrentDictionary<string, string> Effects { get; } = new();

    /// <summary>Answers a delivery, which is the n-th (from 1); by default with 204.</summary>
    public Func<HttpContext, int, Task> Answer { get; set; } = static (context, _) =>
    {
        context.Response.StatusCode = 204;
        return Task.CompletedTask;
    };

    public static async Task<HookReceiver> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var receiver = new HookReceiver(app);
        app.Run(receiver.TakeAsync);
        await app.StartAsync();
        return receiver;
    }

    /// <summary>Ends when whoever sent it has given up.</summary>
    public static async Task GoneAsync(HttpContext context)
    {
        var gone = new TaskCompletionSource();
        await using var registration = context.RequestAborted.Register(gone.SetResult);
        await gone.Task;
    }

    public async ValueTask DisposeAsync()
    {
        using var now = new CancellationTokenSource();
        await now.CancelAsync();
        await _app.StopAsync(now.Token);
        await _app.DisposeAsync();
    }

    private async Task TakeAsync(HttpContext context)
    {
        using var reader = new StreamReader(context.Request.Body);
        var delivery = new Delivery(
            $"{context.Request.Method} {context.Request.Path}{context.Request.QueryString}",
            context.Request.Headers.ToDictionary(header => header.Key, header => header.Value.ToString()),
            await reader.ReadToEndAsync());
        Deliveries.Enqueue(delivery);
        Effects.TryAdd(delivery.Headers["X-Limiter-Id"], delivery.Body);
        await Answer(context, Deliveries.Count);
    }

    internal sealed record Delivery(string Target, Dictionary<string, string> Headers, string Body);
}
