using System.Net.Http.Headers;
using Limiter.Client.Edge;
using Limiter.Engine.Checks;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Limiter.Client.Tests.Kit;

/// <summary>An API on a free port of this machine, which says what it was asked.</summary>
internal sealed class TestApi : IAsyncDisposable
{
    private readonly WebApplication _app;

    private TestApi(WebApplication app)
    {
        _app = app;
        Client = new HttpClient(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false })
        {
            BaseAddress = Address,
        };
    }

    public HttpClient Client { get; }

    public Uri Address => new(_app.Urls.First());

    public ClientEdge Edge => _app.Services.GetRequiredService<ClientEdge>();

    public Checker Checker => Edge.Checker.ShouldNotBeNull();

    public IServiceProvider Services => _app.Services;

    /// <summary>An API without limits.</summary>
    public static Task<TestApi> StartAsync() => StartAsync(static _ => { }, static _ => { }, Echo);

    /// <summary>An API under a limiter's limits.</summary>
    /// <param name="limiter">Where it is, and whose clock it goes by.</param>
    /// <param name="configure">Options besides.</param>
    /// <param name="map">Its endpoints; null: one that says what it was asked.</param>
    /// <param name="use">Its pipeline before them; null: the limiter alone.</param>
    /// <param name="add">Services besides.</param>
    public static Task<TestApi> StartAsync(
        TestLimiter limiter, Action<LimiterClientOptions>? configure = null, Action<WebApplication>? map = null,
        Action<WebApplication>? use = null, Action<IServiceCollection>? add = null)
    {
        return StartAsync(
            services =>
            {
                services.AddSingleton(limiter.Clock);
                services.AddLimiter(options =>
                {
                    options.Address = limiter.Address;
                    options.GatewayKey = TestLimiter.GatewayKey;
                    configure?.Invoke(options);
                });
                add?.Invoke(services);
            },
            use ?? (static app => app.UseLimiter()), map ?? Echo);
    }

    public static async Task<TestApi> StartAsync(
        Action<IServiceCollection> add, Action<WebApplication> use, Action<WebApplication> map)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.SetMinimumLevel(LogLevel.Critical);
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        add(builder.Services);
        var app = builder.Build();
        use(app);
        map(app);
        await app.StartAsync();
        return new TestApi(app);
    }

    public static void Echo(WebApplication app) =>
        app.Map("{**path}", (RequestDelegate)(context => context.Response.WriteAsync(
            $"{context.Request.Method} {context.Request.Path}{context.Request.QueryString}")));

    /// <summary>Sends a request as the owner of a secret.</summary>
    public async Task<HttpResponseMessage> SendAsync(string? secret, string path = "/things", string method = "GET")
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        if (secret is not null) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", secret);
        return await Client.SendAsync(request);
    }

    /// <summary>Sends requests one after the other; how many passed.</summary>
    public async Task<int> AdmittedAsync(string? secret, int requests, string path = "/things", string method = "GET")
    {
        var passed = 0;
        for (var i = 0; i < requests; i++)
        {
            using var answer = await SendAsync(secret, path, method);
            if (answer.IsSuccessStatusCode) passed++;
        }
        return passed;
    }

    public Task StopAsync() => _app.StopAsync();

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _app.DisposeAsync();
    }
}
