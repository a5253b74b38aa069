using System.Collections.Immutable;
using Limiter.Domain;
using Limiter.Domain.Policies;
using Limiter.Domain.Tenants;
using Limiter.Http.Json;
using Limiter.Http.Problems;

namespace Limiter.Http.Tenants;

/// <summary>
/// The body that registers a tenant or changes it: its plan, if given all of its overrides, and whether it is
/// suspended.
/// </summary>
internal sealed record TenantForm
{
    private const int PlanField = 0, OverridesField = 1, SuspendedField = 2, UntilField = 3, ReasonField = 4;
    private const int PlanLengthMax = 64;

    private static readonly FieldNames Names = new("plan", "overrides", "suspended", "until", "reason");

    private bool _isSuspended;
    private Instant? _until;

    /// <summary>
    /// A plan of the policy. Null, only when there is word of a suspension: the one that the tenant has.
    /// </summary>
    public Plan? Plan { get; private set; }

    /// <summary>Null: those that the tenant has stay.</summary>
    public ImmutableDictionary<LimitId, long>? Overrides { get; private set; }

    /// <summary>Whether the body says anything of a suspension.</summary>
    public bool TellsSuspension { get; private set; }

    /// <summary>Null: none.</summary>
    public Suspension? Suspension => _isSuspended ? new Suspension(_until ?? Instant.Never, Reason!) : null;

    /// <summary>Why the tenant is changed; null when unsaid.</summary>
    public string? Reason { get; private set; }

    public static Problem? TryRead(in RequestBody body, Policy policy, Instant now, out TenantForm form)
    {
        form = new TenantForm();
        if (body.Problem is { } problem) return problem;
        var json = new StrictReader(body.Bytes);
        var planName = "";
        if (json.Open())
            while (json.Next(Names, out var field) && (field == PlanField
                ? json.Text(Names[field], PlanLengthMax, out planName)
                : form.Read(ref json, field, policy, now))) { }
        if (json.Problem is not null) return json.Problem;
        form.TellsSuspension = json.Has(SuspendedField);
        if (form._isSuspended && form.Reason is null) return InputProblem.Missing(Names[ReasonField]);
        if (json.Has(UntilField) && !form._isSuspended)
            return InputProblem.Conflicting(Names[UntilField], "Only a suspension has an end: suspended is not true.");
        if (!json.Has(PlanField)) return form.TellsSuspension ? null : MissingPlan();
        form.Plan = policy.FindPlan(planName);
        return form.Plan is null ? UnknownPlan(policy) : null;
    }

    public static Problem MissingPlan() => InputProblem.Missing(Names[PlanField]);

    public static Problem UnknownPlan(Policy policy) => InputProblem.Invalid(
        Names[PlanField], "one of " + string.Join(", ", policy.Plans.Select(plan => plan.Name)))
        with { Code = ProblemCode.UnknownPlan };

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

    private bool Read(ref StrictReader json, int field, Policy policy, Instant now)
    {
        if (field == OverridesField) return ReadOverrides(ref json, policy);
        if (field == SuspendedField) return json.Boolean(Names[field], out _isSuspended);
        if (field == UntilField)
        {
            var read = FutureTimeField.Read(ref json, Names[field], now, AdjustmentForm.DaysMax, out var until);
            _until = until;
            return read;
        }
        var isText = json.Text(Names[field], Adjustment.ReasonLengthMax, out var reason);
        Reason = reason;
        return isText;
    }

    private bool ReadOverrides(ref StrictReader json, Policy policy)
    {
        var found = ImmutableDictionary.CreateBuilder<LimitId, long>();
        if (!json.OpenMap(Names[OverridesField])) return false;
        while (json.NextEntry(out var name))
        {
            var field = $"{Names[OverridesField]}.{name}";
            if (policy.FindLimit(name) is not { } limit) return json.Fail(UnknownLimit(policy, field));
            if (!LimitNumberField.Read(ref json, field, out var number)) return false;
            if (!found.TryAdd(limit.Rule.Id, number)) return json.Fail(InputProblem.Duplicate(field));
        }
        Overrides = found.ToImmutable();
        return json.Problem is null;
    }

    private static Problem UnknownLimit(Policy policy, string field) =>
        InputProblem.Unknown(field) with
        {
            Code = ProblemCode.UnknownLimit,
            Detail = "The policy has no such limit; it has: "
                + string.Join(", ", policy.Limits.Select(known => known.Name)) + ".",
        };
}
