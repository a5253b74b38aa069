using Limiter.Domain.Policies;
using Limiter.Engine.Checks;
using Limiter.Simulation.Auditing;
using Limiter.Simulation.Stores;
using Limiter.Simulation.Tenants;

namespace Limiter.Simulation.Traffic;

/// <summary>One kind of request of one caller, and the accounts that it is counted in.</summary>
/// <param name="Check">The request, without a cost of its own.</param>
/// <param name="Customer">Who sends it; null for an anonymous caller.</param>
/// <param name="Rule">The rule that it falls under.</param>
/// <param name="Parts">The buckets that count it.</param>
/// <param name="Accounts">All limits that count it.</param>
/// <param name="Usage">Whose usage it is; null for an exempt request, which is nobody's.</param>
internal sealed record Call(
    Check Check, Customer? Customer, EndpointRule Rule, Part[] Parts, LimitAccount[] Accounts, TenantAccount? Usage);

/// <param name="Site">A bucket that counts a request.</param>
/// <param name="Accounts">Those of its limits that do.</param>
internal sealed record Part(BucketSite Site, LimitAccount[] Accounts);
