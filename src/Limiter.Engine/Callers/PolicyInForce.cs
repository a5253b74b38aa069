using System.Collections.Frozen;
using System.Collections.Immutable;
using Limiter.Domain;
using Limiter.Domain.Policies;

namespace Limiter.Engine.Callers;

/// <summary>A policy with its place in time. Immutable; another one takes its place as a whole.</summary>
/// <param name="policy">The compiled file.</param>
/// <param name="generation">Rises when another file comes into force; from the directory.</param>
/// <param name="loadedAt">This edge's time at which it came into force here.</param>
public sealed class PolicyInForce(Policy policy, long generation, Instant loadedAt = default)
{
    public Policy Policy { get; } = policy;

    public long Generation { get; } = generation;

    public Instant LoadedAt { get; } = loadedAt;

    /// <summary>Stands for a request of any kind: every limit of every bucket.</summary>
    internal EndpointRule Everything { get; } = new(
        policy.Endpoints.Otherwise.Group, policy.Endpoints.Otherwise.Template, 1, null,
        [.. policy.Layouts.Select((layout, index) => EverythingOf(layout, index))]);

    /// <summary>By the policy's layouts, the numbers of each plan's tenants that have none of their own.</summary>
    internal FrozenDictionary<string, ImmutableArray<Terms>> PlanTerms { get; } = policy.Plans.ToFrozenDictionary(
        plan => plan.Name,
        plan => policy.Layouts.Select((_, index) => TermsResolver.Resolve(policy, generation, index, plan, null))
            .ToImmutableArray());

    /// <summary>The numbers of callers without a credential; empty when there is no anonymous plan.</summary>
    internal ImmutableArray<Terms> AnonymousTerms { get; } = policy.Anonymous is null
        ? []
        : [.. policy.Layouts.Select((_, index) =>
            TermsResolver.Resolve(policy, generation, index, policy.Anonymous, null))];

    /// <summary>
    /// The rule that an earlier check matched, as its check id names it; null when the policy has it no more.
    /// </summary>
    internal EndpointRule? FindRule(string group, string template)
    {
        foreach (var rule in Policy.Endpoints.Rules)
            if (rule.Template == template && rule.Group == group) return rule;
        var rest = Policy.Endpoints.Otherwise;
        return rest.Template == template && rest.Group == group ? rest : null;
    }

    private static Demand EverythingOf(BucketLayout layout, int index)
    {
        var (mask, shadows) = (0u, 0u);
        for (var position = 0; position < layout.Limits.Length; position++)
        {
            if (layout.Limits[position]?.IsShadow == true) shadows |= 1u << position;
            else mask |= 1u << position;
        }
        return new Demand(index, mask, shadows);
    }
}
