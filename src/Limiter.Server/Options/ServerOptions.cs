using Limiter.Engine.Usage;
using Limiter.Http.Alerts;
using Limiter.Http.Metrics;
using Limiter.Http.Proxy;

namespace Limiter.Server.Options;

/// <summary>
/// How the server is to run. <see cref="ServerOptionsReader"/> makes a valid one of what a person writes.
/// </summary>
public sealed record ServerOptions
{
    /// <summary>The value of <see cref="Data"/> that keeps everything in memory.</summary>
    public const string InMemory = "memory";

    public const string DefaultUrls = "http://127.0.0.1:7071";
    public const string DefaultData = "limiter-data";

    /// <summary>The operator's key where none is configured: in Development, on loopback.</summary>
    public const string DevelopmentKey = "dev";

    /// <summary>A policy file, or the name of a shipped one.</summary>
    public string Policy { get; init; } = "waqti";

    /// <summary>The store's folder, or <see cref="InMemory"/>.</summary>
    public string Data { get; init; } = DefaultData;

    /// <summary>Addresses to listen on, joined by semicolons; port 0 is any free one.</summary>
    public string Urls { get; init; } = DefaultUrls;

    /// <summary>Whether the clock moves only when it is told to. Development only.</summary>
    public bool ManualClock { get; init; }

    public string GatewayKey { get; init; } = DevelopmentKey;

    public string AdminKey { get; init; } = DevelopmentKey;

    /// <summary>
    /// Longest lifetime of a lease in milliseconds, 0 to 30,000 (0: none are held); null: the engine's default.
    /// </summary>
    public int? LeaseMs { get; init; }

    /// <summary>Whether to register the sample tenants. Development only.</summary>
    public bool Samples { get; init; }

    public bool IsDevelopment { get; init; }

    public ProxyOptions Proxy { get; init; } = new();

    public MetricsOptions Metrics { get; init; } = new();

    /// <summary>For how long usage is kept.</summary>
    public UsageKept Kept { get; init; } = new();

    public AlertingOptions Alerts { get; init; } = new();
}
