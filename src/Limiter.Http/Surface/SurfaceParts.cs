using Limiter.Engine.Checks;
using Limiter.Engine.Ports;
using Limiter.Engine.Usage;
using Limiter.Http.Alerts;
using Limiter.Http.Auth;
using Limiter.Http.Checks;
using Limiter.Http.Clock;
using Limiter.Http.Health;
using Limiter.Http.Metrics;
using Limiter.Http.Proxy;
using Microsoft.Extensions.Logging;

namespace Limiter.Http.Surface;

/// <summary>What a host has, of which its surface is made.</summary>
public sealed class SurfaceParts
{
    /// <summary>The key of checks.</summary>
    public required OperatorKey GatewayKey { get; init; }

    /// <summary>The key of everything.</summary>
    public required OperatorKey AdminKey { get; init; }

    public required Checker Checker { get; init; }

    /// <summary>Tenants and keys.</summary>
    public required IDirectory Directory { get; init; }

    /// <summary>Tells what was counted.</summary>
    public required UsageViews Usage { get; init; }

    /// <summary>Tells tenants of their use.</summary>
    public required Alerting Alerting { get; init; }

    /// <summary>Signs check ids.</summary>
    public required CheckIds CheckIds { get; init; }

    /// <summary>Signs viewers' links.</summary>
    public required ViewerLinks Viewers { get; init; }

    /// <summary>Where the proxy forwards to.</summary>
    public required Upstream Upstream { get; init; }

    /// <summary>How it does, and where an address is found.</summary>
    public required ProxyOptions Proxy { get; init; }

    /// <summary>Tells whether the host is well.</summary>
    public required HealthHandler Health { get; init; }

    /// <summary>Tells what it measured.</summary>
    public required Measuring Metrics { get; init; }

    /// <summary>The time of decisions.</summary>
    public required TimeProvider Clock { get; init; }

    /// <summary>Told of what fails.</summary>
    public required ILogger Logger { get; init; }

    /// <summary>Moves the clock; null but in Development on loopback.</summary>
    public ClockHandler? Development { get; init; }
}
