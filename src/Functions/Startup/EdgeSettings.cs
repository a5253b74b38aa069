using Limiter.Domain.Policies;
using Limiter.Engine.Usage;
using Limiter.Http.Alerts;
using Limiter.Http.Metrics;
using Limiter.Http.Proxy;

namespace Limiter.Functions.Startup;

/// <summary>How the function app is to run; <see cref="EdgeSettingsReader"/> makes valid ones.</summary>
public sealed record EdgeSettings
{
    /// <summary>The section of the settings; in the environment <c>Limiter__Policy</c> and so on.</summary>
    public const string Section = "Limiter";

    public required Policy Policy { get; init; }

    /// <summary>The table service of the directory: its address, or a connection string.</summary>
    public required string Tables { get; init; }

    public required string GatewayKey { get; init; }

    public required string AdminKey { get; init; }

    /// <summary>Longest lifetime of a lease in milliseconds, 0 to 30,000; null: the engine's default.</summary>
    public int? LeaseMs { get; init; }

    public ProxyOptions Proxy { get; init; } = new();

    public MetricsOptions Metrics { get; init; } = new();

    /// <summary>For how long usage is kept.</summary>
    public UsageKept Kept { get; init; } = new();

    public AlertingOptions Alerts { get; init; } = new();
}
