using Limiter.Domain;
using Limiter.Domain.Tenants;

namespace Limiter.Engine.Ports;

/// <summary>A tenant's hour of which rows were saved after it may have been summed up.</summary>
/// <param name="Tenant">Whose hour.</param>
/// <param name="Hour">Its start.</param>
/// <param name="Version">Differs after every such row.</param>
public sealed record LateUsage(TenantId Tenant, Instant Hour, string Version);
