using Limiter.Domain;
using Limiter.Domain.Decisions;
using Limiter.Domain.Tenants;

namespace Limiter.Engine.Checks;

/// <summary>What a check id carries of an admission, so that any edge can correct it.</summary>
/// <param name="CheckId">Random id of the admission.</param>
/// <param name="SpentAt">The bucket's time of it; the edge's own where that is degraded.</param>
/// <param name="Cost">What was charged.</param>
/// <param name="Tenant">Who was charged; <c>default</c> for an anonymous caller.</param>
/// <param name="Key">The tenant's key, or none.</param>
/// <param name="Address">The caller's address where one was counted.</param>
/// <param name="Group">The endpoint group.</param>
/// <param name="Template">The pattern that matched.</param>
/// <param name="Counting">The limits that counted it, as <see cref="Domain.Policies.Counting"/> writes them.</param>
/// <param name="ReservedUntil">Until when its cost is only reserved; null when it is charged for good.</param>
/// <param name="IsDegraded">
/// Admitted without a grant. Whether and when its buckets hear of it is not known to whoever corrects it, so they give
/// nothing of it back: that would be tokens which somebody else was charged.
/// </param>
public readonly record struct AdmittedCheck(
    ulong CheckId, Instant SpentAt, long Cost, TenantId Tenant, KeyId Key, string? Address, string Group,
    string Template, string Counting, Instant? ReservedUntil, bool IsDegraded = false)
{
    /// <summary>What was admitted by a decision that allowed a request, and is not exempt.</summary>
    public static AdmittedCheck Of(Decision decision) => new(
        decision.CheckId, decision.SpentAt, decision.Cost, decision.Tenant, decision.Key, decision.Address,
        decision.Rule?.Group ?? "", decision.Rule?.Template ?? "", decision.Rule?.Counting ?? "",
        decision.ReservedUntil, decision.Mode == DecisionMode.Degraded);
}
