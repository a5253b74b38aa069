using Limiter.Described.Alerts;
using Limiter.Described.Edges;
using Limiter.Described.Process;
using Limiter.Described.Tenants;
using Limiter.Described.Traffic;
using Limiter.Described.Usage;

namespace Limiter.Described;

/// <summary>All calls of the surface, in the order in which they are listed.</summary>
public static class Operations
{
    public static IEnumerable<Operation> All() =>
    [
        .. TrafficOperations.All, .. EdgeOperations.All, .. TenantOperations.All, .. KeyOperations.All,
        .. TermsOperations.All, .. UsageOperations.All, .. AlertOperations.All, .. ProcessOperations.All,
    ];
}
