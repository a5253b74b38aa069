using Limiter.Domain.Tenants;

namespace Limiter.Domain.Usage;

/// <summary>
/// What one edge counted of a tenant's minute. The counts are absolute and the row is its writer's own, so writing it
/// again changes nothing, or brings it up to date.
/// </summary>
/// <param name="Tenant">Whose checks; <c>default</c> for all anonymous callers.</param>
/// <param name="Minute">The minute's start; of admissions by their bucket's time.</param>
/// <param name="Writer">Who owns the row.</param>
/// <param name="Sheet">What was counted.</param>
public sealed record UsageRow(TenantId Tenant, Instant Minute, UsageWriter Writer, UsageSheet Sheet);
