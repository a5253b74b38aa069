using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Limiter.Domain.Policies;
using Limiter.Domain.Tenants;
using Limiter.Http.Json;

namespace Limiter.Http.Tenants;

/// <summary>Old and new values of a tenant's terms, as what is told of a change shows them.</summary>
internal static class ChangeValue
{
    /// <summary>A number as JSON; null for none.</summary>
    public static string? Of(ImmutableDictionary<LimitId, long> overrides, LimitId limit) =>
        !overrides.TryGetValue(limit, out var number) ? null
        : number == Schedule.Unlimited ? $"\"{TenantJson.Unlimited}\""
        : number.ToString(CultureInfo.InvariantCulture);

    /// <summary>An adjustment as JSON; null for none.</summary>
    public static string? Of(ImmutableDictionary<LimitId, Adjustment> adjustments, LimitId limit) =>
        adjustments.TryGetValue(limit, out var adjustment)
            ? JsonText.Object(adjustment, TenantJson.WriteAdjustment)
            : null;

    /// <summary>
    /// What is told of a registration or of new terms: of a tenant that was there, only what differs.
    /// </summary>
    /// <param name="author">Who changes it.</param>
    /// <param name="before">Null for a new tenant.</param>
    /// <param name="after">Null for one that goes.</param>
    /// <param name="reason">Why; null when unsaid.</param>
    public static ChangeRecord Tell(Author author, TenantRecord? before, TenantRecord? after, string? reason)
    {
        var parts = Parts.Of(before, after);
        var what = before is null ? ChangeKind.Created : after is null ? ChangeKind.Removed : parts.Kind;
        return author.Tell((after ?? before)!.Id, what) with
        {
            Before = before is null ? null : JsonText.Object((before, parts), static (json, told) =>
                told.parts.Write(json, told.before)),
            After = after is null ? null : JsonText.Object((after, parts), static (json, told) =>
                told.parts.Write(json, told.after)),
            Reason = reason,
        };
    }

    public static bool SameNumbers(
        ImmutableDictionary<LimitId, long> left, ImmutableDictionary<LimitId, long> right) =>
        left.Count == right.Count
        && left.All(pair => right.TryGetValue(pair.Key, out var number) && number == pair.Value);

    /// <summary>Which parts of a tenant are shown.</summary>
    private readonly record struct Parts(bool Plan, bool Overrides, bool Suspension)
    {
        public ChangeKind Kind => this switch
        {
            { Plan: true, Overrides: false, Suspension: false } => ChangeKind.Plan,
            { Plan: false, Overrides: true, Suspension: false } => ChangeKind.Override,
            { Plan: false, Overrides: false, Suspension: true } => ChangeKind.Suspension,
            _ => ChangeKind.Terms,
        };

        public static Parts Of(TenantRecord? before, TenantRecord? after) => before is null || after is null
            ? new Parts(true, true, true)
            : new Parts(
                before.Plan != after.Plan, !SameNumbers(before.Overrides, after.Overrides),
                before.Suspension != after.Suspension);

        public void Write(Utf8JsonWriter json, TenantRecord tenant)
        {
            if (Plan) json.WriteString("plan", tenant.Plan);
            if (Overrides) TenantJson.WriteOverrides(json, tenant);
            if (Suspension) TenantJson.WriteSuspension(json, tenant.Suspension);
        }
    }
}
