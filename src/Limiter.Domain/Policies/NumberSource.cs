using Limiter.Domain.Tenants;

namespace Limiter.Domain.Policies;

/// <summary>Where a number stands, before an adjustment changes it.</summary>
public enum NumberOrigin
{
    /// <summary>The tenant's plan.</summary>
    Plan,

    /// <summary>The limit itself, for every plan that names none.</summary>
    Limit,

    /// <summary>A percentage of another limit's number in force.</summary>
    Percentage,

    /// <summary>The tenant's override.</summary>
    Override,

    /// <summary>Nowhere: the plan leaves it to overrides, and there is none. It is 0.</summary>
    Missing,
}

/// <summary>Where a limit's number at one time comes from.</summary>
/// <param name="Origin">Where it stands.</param>
/// <param name="Stated">The number there.</param>
/// <param name="InForce">The number that holds; <see cref="Schedule.Unlimited"/> for none.</param>
/// <param name="Base">Of a percentage: the limit that it follows, and where that one's number comes from.</param>
/// <param name="Adjustment">What changes the stated number until its time; null for nothing.</param>
public sealed record NumberSource(
    NumberOrigin Origin, long Stated, long InForce, (LimitDefinition Limit, NumberSource Source)? Base,
    Adjustment? Adjustment)
{
    /// <summary>Tells the source of the number that <see cref="TermsResolver.InForce"/> has at a time.</summary>
    /// <param name="policy">The policy in force.</param>
    /// <param name="limit">One of its limits.</param>
    /// <param name="plan">One of its plans.</param>
    /// <param name="tenant">Null for an anonymous caller.</param>
    /// <param name="now">The time.</param>
    public static NumberSource Of(
        Policy policy, LimitDefinition limit, Plan plan, TenantRecord? tenant, Instant now)
    {
        var stated = Find(policy, limit, plan, tenant, now);
        return tenant is not null && tenant.Adjustments.TryGetValue(limit.Rule.Id, out var adjustment)
            && now < adjustment.Until
            ? stated with { Adjustment = adjustment, InForce = TermsResolver.Apply(adjustment, stated.Stated) }
            : stated;
    }

    private static NumberSource Find(
        Policy policy, LimitDefinition limit, Plan plan, TenantRecord? tenant, Instant now)
    {
        if (tenant is not null && tenant.Overrides.TryGetValue(limit.Rule.Id, out var number))
            return Plain(NumberOrigin.Override, number);
        if (plan.Numbers[limit.Index] is { } bought) return Plain(NumberOrigin.Plan, bought);
        if (limit.Number is { } own) return Plain(NumberOrigin.Limit, own);
        if (limit.PercentOf is not { } index) return Plain(NumberOrigin.Missing, 0);
        var followed = policy.Limits[index];
        var source = Of(policy, followed, plan, tenant, now);
        return Plain(NumberOrigin.Percentage, TermsResolver.Share(source.InForce, limit.Percent)) with
        {
            Base = (followed, source),
        };
    }

    private static NumberSource Plain(NumberOrigin origin, long number) => new(origin, number, number, null, null);
}
