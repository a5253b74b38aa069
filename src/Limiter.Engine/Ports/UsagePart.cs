using Limiter.Domain;
using Limiter.Domain.Tenants;
using Limiter.Domain.Usage;

namespace Limiter.Engine.Ports;

/// <summary>One of the sheets that a tenant's period is summed up from.</summary>
/// <param name="Tenant">Whose; <c>default</c> also where that cannot be read.</param>
/// <param name="Sheet">Empty when it cannot be read.</param>
/// <param name="Damage">Why it cannot be read, naming the row; null when it can.</param>
public readonly record struct UsagePart(TenantId Tenant, UsageSheet Sheet, Exception? Damage = null)
{
    /// <summary>Of its minute, hour or day.</summary>
    public Instant Start { get; init; }
}
