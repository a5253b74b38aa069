using Limiter.Domain.Tenants;

namespace Limiter.Domain.Usage;

/// <summary>
/// What one edge counted of a tenant's minute. The counts are absolute and the row is its writer's own, so writing it
/// again changes nothing, or brings it up to date: an earlier state never takes a later one's place, whenever it comes.
/// </summary>
/// <param name="Tenant">Whose checks; <c>default</c> for all anonymous callers.</param>
/// <param name="Minute">The minute's start; of admissions by their bucket's time.</param>
/// <param name="Writer">Who owns the row.</param>
/// <param name="Sheet">What was counted.</param>
/// <param name="Revision">Rises with every state that the writer tells; the first is 1.</param>
public sealed record UsageRow(
    TenantId Tenant, Instant Minute, UsageWriter Writer, UsageSheet Sheet, long Revision = 1);
