using System.Collections.Frozen;
using Limiter.Domain.Alerts;
using Limiter.Domain.Tenants;

namespace Limiter.Engine.Alerts;

/// <summary>Every rule as this edge last read them. Immutable; another takes its place as a whole.</summary>
internal sealed class RulesInForce
{
    private readonly FrozenDictionary<TenantId, AlarmLook> _looks;
    private readonly AlarmLook _otherwise;

    /// <param name="otherwise">The rule of tenants that have none of their own.</param>
    /// <param name="own">Those that have.</param>
    public RulesInForce(AlertRule otherwise, IEnumerable<AlertRule> own)
    {
        _otherwise = new AlarmLook(this, otherwise, null);
        _looks = own.ToFrozenDictionary(rule => rule.Tenant, rule => new AlarmLook(this, rule, null));
    }

    public AlertRule Otherwise => _otherwise.Rule;

    public IEnumerable<AlertRule> Own => _looks.Values.Select(look => look.Rule);

    /// <summary>How a tenant without alarms is looked at.</summary>
    public AlarmLook LookOf(TenantId tenant) => _looks.GetValueOrDefault(tenant, _otherwise);

    /// <summary>Null when the tenant has none of its own.</summary>
    public AlertRule? OwnOf(TenantId tenant) => _looks.TryGetValue(tenant, out var look) ? look.Rule : null;

    /// <summary>The same with another rule of a tenant; null: it has none of its own any more.</summary>
    public RulesInForce With(TenantId tenant, AlertRule? rule) => new(
        Otherwise, Own.Where(known => known.Tenant != tenant).Concat(rule is null ? [] : [rule]));
}
