using Limiter.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Edges;

/// <summary>
/// What is one API's process elsewhere: the client as an API has it, with connections and an identity of its own, and
/// its middleware before an endpoint that does nothing. Without a server: requests are put in here.
/// </summary>
internal sealed class Edge : IAsyncDisposable
{
    public const string TenantHeader = "X-Tenant";

    private readonly ServiceProvider _services;
    private readonly RequestDelegate _pipeline;

    private Edge(ServiceProvider services)
    {
        _services = services;
        var app = new ApplicationBuilder(services);
        app.UseLimiter();
        app.Run(static _ => Task.CompletedTask);
        _pipeline = app.Build();
    }

    public static async Task<Edge> StartAsync(LimiterProcess limiter, CallCounts counts, TimeSpan waitLimit)
    {
        var services = new ServiceCollection();
        services.AddLogging(static logging => logging.AddConsole().SetMinimumLevel(LogLevel.Warning));
        services.AddLimiter(options =>
        {
            options.Address = limiter.Uri;
            options.GatewayKey = LimiterProcess.Key;
            options.WaitLimit = waitLimit;
            options.HttpHandler = counts.NewHandler;
            options.Identify = static context =>
                LimiterIdentity.OfTenant(context.Request.Headers[TenantHeader].ToString());
        });
        var edge = new Edge(services.BuildServiceProvider());
        foreach (var service in edge._services.GetServices<IHostedService>())
            await service.StartAsync(CancellationToken.None);
        return edge;
    }

    /// <summary>One request, decided by the limits of a tenant.</summary>
    public async Task<HttpResponse> AskAsync(string tenant)
    {
        var context = new DefaultHttpContext { Request = { Method = "GET" } };
        context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget = "/things";
        context.Request.Headers[TenantHeader] = tenant;
        await _pipeline(context);
        return context.Response;
    }

    /// <summary>Gives back what it holds.</summary>
    public async ValueTask DisposeAsync()
    {
        foreach (var service in _services.GetServices<IHostedService>())
            await service.StopAsync(CancellationToken.None);
        await _services.DisposeAsync();
    }
}
