using Limiter.Domain.Tenants;

namespace Limiter.Domain.Usage;

/// <summary>A tenant's hour or month, summed up from the finer grain; of a day see <see cref="DailyUsage"/>.</summary>
/// <param name="Tenant">Whose checks; <c>default</c> for all anonymous callers.</param>
/// <param name="Period">What it sums up.</param>
/// <param name="Sheet">The sum.</param>
public record UsageTotal(TenantId Tenant, UsagePeriod Period, UsageSheet Sheet);
