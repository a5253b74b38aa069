using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;

namespace Limiter.Http.Tests.Proxy;

/// <summary>An API on a free port of this machine, which remembers what it was asked last.</summary>
internal sealed class TestUpstream : IAsyncDisposable
{
    private readonly WebApplication _app;

    private TestUpstream(WebApplication app) => _app = app;

    public Uri Address => new(_app.Urls.First());

    /// <summary>The last request's target as it stood on the wire.</summary>
    public string? Target { get; private set; }

    public string? Method { get; private set; }

    public Dictionary<string, string> Headers { get; } = new(StringComparer.OrdinalIgnoreCase);

    public int Requests { get; private set; }

    public static async Task<TestUpstream> StartAsync(RequestDelegate? answer = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Limits.MaxRequestBodySize = null);
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var upstream = new TestUpstream(app);
        app.Run(context =>
        {
            upstream.Remember(context);
            return answer?.Invoke(context) ?? context.Response.WriteAsync("hello");
        });
        await app.StartAsync();
        return upstream;
    }

    public async ValueTask DisposeAsync()
    {
        using var now = new CancellationTokenSource();
        await now.CancelAsync();
        await _app.StopAsync(now.Token);
        await _app.DisposeAsync();
    }

    private void Remember(HttpContext context)
    {
        Requests++;
        Target = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        Method = context.Request.Method;
        Headers.Clear();
        foreach (var (name, value) in context.Request.Headers) Headers[name] = value.ToString();
    }
}
