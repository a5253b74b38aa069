using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Limiter.Surface;

/// <summary>An API behind the proxies, which says what it was asked.</summary>
internal sealed class Upstream : IAsyncDisposable
{
    private readonly WebApplication _app;

    private Upstream(WebApplication app) => _app = app;

    public Uri Address => new(_app.Urls.First());

    /// <param name="cost">What it tells of every request's cost; null: nothing.</param>
    public static async Task<Upstream> StartAsync(string? cost = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.SetMinimumLevel(LogLevel.Critical);
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        app.Map("{**path}", (RequestDelegate)(context =>
        {
            if (cost is not null) context.Response.Headers["X-Request-Cost"] = cost;
            return context.Response.WriteAsync(
                $"{context.Request.Method} {context.Request.Path}{context.Request.QueryString}");
        }));
        await app.StartAsync();
        return new Upstream(app);
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
