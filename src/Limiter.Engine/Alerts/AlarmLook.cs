using Limiter.Domain;
using Limiter.Domain.Alerts;
using Limiter.Domain.Decisions;
using Limiter.Domain.Policies;

namespace Limiter.Engine.Alerts;

/// <summary>
/// How a tenant's decisions are looked at: kept with its caller, so that one that is far from its limits costs a
/// comparison a limit. Immutable; tenants without alarms and rules of their own share one.
/// </summary>
/// <param name="rules">What it was made of; others in force mean that another is needed.</param>
/// <param name="rule">The tenant's.</param>
/// <param name="alarms">Null while every limit is below the lowest threshold.</param>
internal sealed class AlarmLook(RulesInForce rules, AlertRule rule, TenantAlarms? alarms)
{
    // What may be left in percent before the lowest threshold is reached; with none, nothing is ever too little.
    private readonly int _freePercent = rule.Lowest is { } lowest ? 100 - lowest : -1;

    public RulesInForce Rules { get; } = rules;

    public AlertRule Rule { get; } = rule;

    public TenantAlarms? Alarms { get; } = alarms;

    /// <summary>Until when no more crossings that are dropped are counted: each counts once a window.</summary>
    public Instant DroppedUntil { get; init; }

    /// <summary>Whether a decision may have something to tell of a limit.</summary>
    public bool Concerns(in LimitStatus status) => IsReached(status) || Alarms is not null;

    /// <summary>Whether it has, if nothing was told yet.</summary>
    public bool IsReached(in LimitStatus status) =>
        status.Violated || status.Remaining * 100 <= status.Number * _freePercent;

    /// <summary>
    /// Whether alerts tell of a limit at all. Not of shadow limits, which are being tried out; not of those per
    /// address, whose clients nobody can write to; not of a number 0, which is always used up.
    /// </summary>
    public bool Counts(in LimitStatus status) => status.Number > 0 && !status.Limit.IsShadow
        && status.Limit.Partition != Partition.Ip && !Rule.Thresholds.IsEmpty && Rule.Counts(status.Limit.Name);
}
