using System.Collections.Immutable;
using Limiter.Domain.Policies;
using Limiter.Http.Json;
using Limiter.Http.Problems;

namespace Limiter.Http.Tenants;

/// <summary>The body that registers a tenant: its plan and, if given, all of its overrides.</summary>
/// <param name="Plan">Name of a plan of the policy.</param>
/// <param name="Overrides">Null: those that the tenant has stay.</param>
internal sealed record TenantForm(Plan Plan, ImmutableDictionary<LimitId, long>? Overrides)
{
    private const int PlanField = 0, OverridesField = 1;
    private const int PlanLengthMax = 64;

    private static readonly FieldNames Names = new("plan", "overrides");

    public static Problem? TryRead(in RequestBody body, Policy policy, out TenantForm form)
    {
        form = null!;
        if (body.Problem is { } problem) return problem;
        var json = new StrictReader(body.Bytes);
        var planName = "";
        ImmutableDictionary<LimitId, long>? overrides = null;
        if (json.Open())
            while (json.Next(Names, out var field) && (field == PlanField
                ? json.Text(Names[field], PlanLengthMax, out planName)
                : ReadOverrides(ref json, policy, out overrides))) { }
        if (json.Problem is not null) return json.Problem;
        if (!json.Has(PlanField)) return InputProblem.Missing(Names[PlanField]);
        if (policy.FindPlan(planName) is not { } plan) return UnknownPlan(policy);
        form = new TenantForm(plan, overrides);
        return null;
    }

    /// <summary>
    /// Why a tenant cannot be on a plan with these overrides: a negotiated plan's numbers must be there.
    /// </summary>
    public static Problem? RefuseMissing(Policy policy, Plan plan, ImmutableDictionary<LimitId, long> overrides)
    {
        var missing = TermsResolver.MissingNumbers(policy, plan, overrides);
        return missing.Length == 0 ? null : new Problem(400, ProblemCode.MissingNumbers,
            $"The plan '{plan.Name}' is negotiated: overrides are required for {string.Join(", ", missing)}.")
        {
            Field = Names[OverridesField],
        };
    }

    private static bool ReadOverrides(
        ref StrictReader json, Policy policy, out ImmutableDictionary<LimitId, long>? overrides)
    {
        overrides = null;
        var found = ImmutableDictionary.CreateBuilder<LimitId, long>();
        if (!json.OpenMap(Names[OverridesField])) return false;
        while (json.NextEntry(out var name))
        {
            var field = $"{Names[OverridesField]}.{name}";
            if (policy.FindLimit(name) is not { } limit) return json.Fail(UnknownLimit(policy, field));
            if (!LimitNumberField.Read(ref json, field, out var number)) return false;
            if (!found.TryAdd(limit.Rule.Id, number)) return json.Fail(InputProblem.Duplicate(field));
        }
        overrides = found.ToImmutable();
        return json.Problem is null;
    }

    private static Problem UnknownPlan(Policy policy) => InputProblem.Invalid(
        Names[PlanField], "one of " + string.Join(", ", policy.Plans.Select(plan => plan.Name)))
        with { Code = ProblemCode.UnknownPlan };

    private static Problem UnknownLimit(Policy policy, string field) =>
        InputProblem.Unknown(field) with
        {
            Code = ProblemCode.UnknownLimit,
            Detail = "The policy has no such limit; it has: "
                + string.Join(", ", policy.Limits.Select(known => known.Name)) + ".",
        };
}
