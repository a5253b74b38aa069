using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Limiter.Server.Tests.Kit;

/// <summary>A loopback server that answers what a test tells it to.</summary>
internal sealed class CannedServer : IAsyncDisposable
{
    private readonly WebApplication _app;

    private CannedServer(WebApplication app) => _app = app;

    /// <summary>Method, path and query of what was asked, in order.</summary>
    public ConcurrentQueue<string> Asked { get; } = [];

    public Uri Address => new(_app.Urls.First());

    /// <param name="answer">Answers every request.</param>
    public static async Task<CannedServer> StartAsync(Func<HttpContext, Task> answer)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var server = new CannedServer(app);
        app.Run(context =>
        {
            server.Asked.Enqueue($"{context.Request.Method} {context.Request.Path}{context.Request.QueryString}");
            return answer(context);
        });
        await app.StartAsync();
        return server;
    }

    /// <summary>One JSON text for every request.</summary>
    public static Task<CannedServer> StartAsync(string json) => StartAsync(context => JsonAsync(context, json));

    public static Task JsonAsync(HttpContext context, string json, int status = 200)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        return context.Response.WriteAsync(json);
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
