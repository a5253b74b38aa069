using Limiter.Domain.Tenants;
using Limiter.Domain.Usage;
using Limiter.Engine.Usage;

namespace Limiter.Http.Usage;

/// <summary>One item of a page: a period, or what a split tells apart in one.</summary>
internal sealed record UsageItem(UsageEntry Entry, UsageLine Line);

/// <summary>What is told of a tenant's usage.</summary>
/// <param name="Tenant">Whose.</param>
/// <param name="Plan">Its plan's name; null when the tenant was removed.</param>
/// <param name="Query">What was asked.</param>
/// <param name="Total">Of all the time that was asked for.</param>
/// <param name="Items">Of this page.</param>
/// <param name="Next">Where the next page begins; null at the end.</param>
internal sealed record UsageAnswer(
    TenantId Tenant, string? Plan, UsageQuery Query, UsageSheet Total, IReadOnlyList<UsageItem> Items,
    UsageCursor? Next);
