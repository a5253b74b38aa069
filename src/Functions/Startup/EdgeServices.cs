using Limiter.Engine.Ports;
using Limiter.Functions.Entities;
using Limiter.Http.Proxy;
using Limiter.Http.Surface;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;

namespace Limiter.Functions.Startup;

/// <summary>What the functions need of their host.</summary>
public static class EdgeServices
{
    /// <summary>Bodies of this surface's own calls are far smaller; the proxy lifts it for what it streams.</summary>
    private const long BodyBytesMax = 1024 * 1024;

    /// <param name="services">The host's.</param>
    /// <param name="settings">Valid settings.</param>
    /// <param name="directory">Tenants and keys.</param>
    /// <param name="usage">What is counted.</param>
    /// <param name="alerts">Of what tenants are told, and the outbox.</param>
    /// <param name="clock">The time of decisions, of this edge and of the entities that run here.</param>
    /// <param name="waitClock">The time of waiting for an entity.</param>
    public static IServiceCollection AddEdge(
        this IServiceCollection services, EdgeSettings settings, IDirectory directory, IUsageStore usage,
        IAlertStore alerts, TimeProvider clock, TimeProvider waitClock)
    {
        Upstream.AddServices(services);
        services.AddLogging(LogFilters.Apply);
        services.Configure<KestrelServerOptions>(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = BodyBytesMax;
        });
        return services
            .AddSingleton(settings)
            .AddSingleton(directory)
            .AddSingleton(usage)
            .AddSingleton(alerts)
            .AddSingleton(clock)
            .AddSingleton<EntityClients>()
            .AddSingleton(provider =>
                new DurableBuckets(provider.GetRequiredService<EntityClients>(), clock, waitClock))
            .AddSingleton<EdgeProcess>();
    }
}
