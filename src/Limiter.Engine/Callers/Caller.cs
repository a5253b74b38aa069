using Limiter.Domain;
using Limiter.Domain.Policies;
using Limiter.Domain.Tenants;
using Limiter.Engine.Alerts;
using Limiter.Engine.Leases;
using Limiter.Engine.Usage;

namespace Limiter.Engine.Callers;

/// <summary>A tenant as this edge knows it: its record and the numbers that follow from it.</summary>
internal sealed class Caller : Recent
{
    // By layout. Most policies count by one partition, so that most callers need no array.
    private readonly Terms? _first;
    private readonly Terms[]? _others;

    private Caller(
        PolicyInForce policy, TenantRecord? record, Plan plan, ReadOnlySpan<Terms> terms, EdgeTime loadedAt)
    {
        Policy = policy;
        Record = record;
        Plan = plan;
        LoadedAt = loadedAt;
        if (terms.Length > 0) _first = terms[0];
        if (terms.Length > 1) _others = terms[1..].ToArray();
    }

    public PolicyInForce Policy { get; }

    /// <summary>Null for anonymous callers.</summary>
    public TenantRecord? Record { get; }

    public Plan Plan { get; }

    public EdgeTime LoadedAt { get; }

    /// <summary>Until when every request of it is refused.</summary>
    public Instant SuspendedUntil => Record?.SuspendedUntil ?? Instant.MinValue;

    public TenantId Tenant => Record?.Id ?? default;

    /// <summary>The tenant's own bucket, once it was used.</summary>
    public LeaseHolder? Holder { get; set; }

    /// <summary>Counts the tenant's checks, once there was one.</summary>
    public TenantTally? Tally { get; set; }

    /// <summary>How its decisions are looked at for alerts, once there was one.</summary>
    public AlarmLook? Alarms { get; set; }

    /// <summary>1 while a newer record is being read.</summary>
#pragma warning disable CA1051 // An interlocked flag has to be a field.
    public int Refreshing;
#pragma warning restore CA1051

    /// <summary>A tenant; null when its plan is not in the policy any more.</summary>
    public static Caller? Of(PolicyInForce policy, TenantRecord record, EdgeTime loadedAt)
    {
        if (policy.Policy.FindPlan(record.Plan) is not { } plan) return null;
        // A store makes another string of it for each record.
        record = record with { Plan = plan.Name };
        var terms = new Terms[policy.Policy.Layouts.Length];
        // Most tenants have their plan's numbers, and share them.
        var isPlain = record.Overrides.IsEmpty && record.Adjustments.IsEmpty;
        for (var layout = 0; layout < policy.Policy.Layouts.Length; layout++)
            terms[layout] = isPlain
                ? new Terms(
                    new TermsVersion(policy.Generation, record.Version), policy.PlanTerms[plan.Name][layout].Limits)
                : TermsResolver.Resolve(policy.Policy, policy.Generation, layout, plan, record);
        return new Caller(policy, record, plan, terms, loadedAt);
    }

    /// <summary>The same tenant under another policy; null when its plan is not in that one.</summary>
    public Caller? Under(PolicyInForce policy)
    {
        if (Of(policy, Record!, LoadedAt) is not { } other) return null;
        (other.Holder, other.Tally) = (Holder, Tally);
        return other;
    }

    /// <summary>All callers without a credential; the policy has a plan for them.</summary>
    public static Caller Anonymous(PolicyInForce policy) =>
        new(policy, null, policy.Policy.Anonymous!, policy.AnonymousTerms.AsSpan(), default);

    /// <summary>The numbers in force, by the policy's layouts.</summary>
    public Terms TermsOf(int layout) => layout == 0 ? _first! : _others![layout - 1];
}

/// <summary>Who sent a request.</summary>
internal readonly record struct Identity(Caller Caller, KnownKey? Key, string? Address);
