using Limiter.Domain.Tenants;

namespace Limiter.Domain.Usage;

/// <summary>A tenant's closed UTC day.</summary>
/// <param name="Tenant">Whose checks; <c>default</c> for all anonymous callers.</param>
/// <param name="Day">The day's start.</param>
/// <param name="Sheet">What the edges counted.</param>
/// <param name="Charged">
/// Tokens that the tenant's bucket charged: what was admitted, and tokens in leases of edges that died. Null when no
/// bucket could tell. Once known it stays.
/// </param>
public sealed record DailyUsage(TenantId Tenant, Instant Day, UsageSheet Sheet, long? Charged)
    : UsageTotal(Tenant, new UsagePeriod(UsageGrain.Day, Day), Sheet)
{
    /// <summary>Tokens that the edges counted as spent; without crashes the same as charged.</summary>
    public long Counted => Sheet.Total.Cost;
}
