using System.Collections.Immutable;
using Limiter.Domain.Tenants;

namespace Limiter.Domain.Policies;

/// <summary>
/// The numbers in force of a tenant's limits: its adjustment, over its override, over its plan, over the limit's own
/// number or percentage. A percentage follows the number in force of its base, overrides and adjustments included.
/// </summary>
public static class TermsResolver
{
    private const long Million = 1_000_000;

    /// <summary>The terms of one bucket of a tenant or of an anonymous caller.</summary>
    /// <param name="policy">The policy in force.</param>
    /// <param name="generation">Rises when another policy file comes into force.</param>
    /// <param name="layout">Index in <see cref="Policy.Layouts"/>.</param>
    /// <param name="plan">One of the policy's plans.</param>
    /// <param name="tenant">Null for an anonymous caller.</param>
    /// <returns>
    /// Positions as in the layout. A limit that is left without a number (<see cref="MissingNumbers"/>) has the
    /// number 0: a tenant whose plan became negotiated under it is refused rather than let through without a limit.
    /// </returns>
    public static Terms Resolve(Policy policy, long generation, int layout, Plan plan, TenantRecord? tenant)
    {
        var bucket = policy.Layouts[layout];
        var limits = ImmutableArray.CreateBuilder<LimitTerms>(bucket.Limits.Length);
        for (var position = 0; position < bucket.Limits.Length; position++)
        {
            var schedule = bucket.Limits[position] is { } limit
                ? InForce(policy, limit, plan, tenant)
                : Schedule.AlwaysUnlimited;
            limits.Add(new LimitTerms(bucket.RuleAt(position), schedule)
            {
                IsShadow = bucket.Limits[position]?.IsShadow == true,
            });
        }
        return new Terms(new TermsVersion(generation, tenant?.Version ?? 0), limits.MoveToImmutable());
    }

    /// <summary>The number of one limit over time.</summary>
    public static Schedule InForce(Policy policy, LimitDefinition limit, Plan plan, TenantRecord? tenant)
    {
        List<Schedule.Step> steps = Number(limit, plan, tenant?.Overrides) is { } number
            ? [new(Instant.Never, number)]
            : limit.PercentOf is { } index
                ? [.. InForce(policy, policy.Limits[index], plan, tenant).Steps.Select(step =>
                    step with { Number = Share(step.Number, limit.Percent) })]
                : [new(Instant.Never, 0)];
        if (tenant is not null && tenant.Adjustments.TryGetValue(limit.Rule.Id, out var adjustment))
            steps = Adjust(steps, adjustment);
        return Schedule.Of([.. Merge(steps)]);
    }

    /// <summary>
    /// The limits, in the policy's order, that neither the plan nor the overrides give a number: a tenant of a
    /// negotiated plan is registered only when there are none. Empty for any other plan.
    /// </summary>
    public static ImmutableArray<LimitId> MissingNumbers(
        Policy policy, Plan plan, IReadOnlyDictionary<LimitId, long> overrides) =>
    [
        .. policy.Limits
            .Where(limit => limit.PercentOf is null && Number(limit, plan, overrides) is null)
            .Select(limit => limit.Rule.Id),
    ];

    private static long? Number(LimitDefinition limit, Plan plan, IReadOnlyDictionary<LimitId, long>? overrides) =>
        overrides is not null && overrides.TryGetValue(limit.Rule.Id, out var number)
            ? number
            : plan.Numbers[limit.Index] ?? limit.Number;

    internal static long Share(long number, int percent) =>
        number == Schedule.Unlimited ? number : Math.Min(number * percent / 100, Schedule.NumberMax);

    /// <summary>Cuts the step that the adjustment ends in, and changes the steps before the cut.</summary>
    private static List<Schedule.Step> Adjust(List<Schedule.Step> steps, Adjustment adjustment)
    {
        var adjusted = new List<Schedule.Step>(steps.Count + 1);
        var from = new Instant(long.MinValue);
        foreach (var step in steps)
        {
            if (adjustment.Until > from)
                adjusted.Add(new(Instant.Min(step.Until, adjustment.Until), Apply(adjustment, step.Number)));
            if (step.Until > adjustment.Until) adjusted.Add(step);
            from = step.Until;
        }
        return adjusted;
    }

    /// <summary>A factor of an unlimited number is unlimited; of another it is rounded down.</summary>
    internal static long Apply(Adjustment adjustment, long number)
    {
        if (adjustment.Number is { } given) return given;
        if (number == Schedule.Unlimited) return number;
        return Math.Min(number * adjustment.FactorPpm!.Value / Million, Schedule.NumberMax);
    }

    /// <summary>Joins neighbours of the same number, so that a change that changes nothing leaves no step.</summary>
    private static List<Schedule.Step> Merge(List<Schedule.Step> steps)
    {
        var merged = new List<Schedule.Step>(steps.Count);
        foreach (var step in steps)
        {
            if (merged.Count > 0 && merged[^1].Number == step.Number) merged[^1] = step;
            else merged.Add(step);
        }
        return merged;
    }
}
