using Limiter.Domain.Tenants;
using Limiter.Domain.Usage;

namespace Limiter.Engine.Usage;

/// <summary>What one tenant did in the last minutes, by all edges.</summary>
/// <param name="Tenant">Which.</param>
/// <param name="Line">All of it together.</param>
/// <param name="DeniedLast">Checks denied in the last of the minutes.</param>
/// <param name="Key">The key with the most checks in some minute; empty for none.</param>
public sealed record RecentTenant(TenantId Tenant, UsageLine Line, long DeniedLast, string Key);
