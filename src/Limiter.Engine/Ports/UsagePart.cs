using Limiter.Domain.Tenants;
using Limiter.Domain.Usage;

namespace Limiter.Engine.Ports;

/// <summary>One of the sheets that a tenant's period is summed up from.</summary>
public readonly record struct UsagePart(TenantId Tenant, UsageSheet Sheet);
