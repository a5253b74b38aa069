using System.Collections.Immutable;
using Limiter.Domain;
using Limiter.Domain.Policies;
using Limiter.Domain.Tenants;
using Limiter.Simulation.Auditing;

namespace Limiter.Simulation.Tenants;

/// <summary>
/// A tenant as the world knows it: which number is in force of which limit, reckoned apart from the engine's resolver.
/// </summary>
internal sealed class Customer(TenantId id, Policy policy, string plan, TenantAccount account)
{
    private const long Million = 1_000_000;

    // What the register held lately, and until when: an edge may go by it for a while.
    private readonly Queue<(Instant Until, Customer Then)> _past = new();
    private Dictionary<int, long> _overrides = [];
    private Dictionary<int, Adjustment> _adjustments = [];

    public TenantId Id { get; } = id;

    public TenantAccount Account { get; } = account;

    public string Plan { get; set; } = plan;

    /// <summary>What holds now is about to change.</summary>
    public void Supersede(Instant now, long knownWithinMs)
    {
        while (_past.TryPeek(out var oldest) && now - oldest.Until > knownWithinMs) _past.Dequeue();
        _past.Enqueue((now, new Customer(Id, policy, Plan, Account)
        {
            _overrides = new(_overrides),
            _adjustments = new(_adjustments),
        }));
    }

    /// <summary>The greatest number that an edge may still take for the one in force.</summary>
    public long GreatestOf(LimitDefinition? limit, Instant at, long knownWithinMs)
    {
        var greatest = NumberOf(limit, at);
        foreach (var (until, then) in _past)
            if (at - until <= knownWithinMs) greatest = Math.Max(greatest, then.NumberOf(limit, at));
        return greatest;
    }

    public void Override(LimitDefinition limit, long? number)
    {
        if (number is { } given) _overrides[limit.Index] = given;
        else _overrides.Remove(limit.Index);
    }

    public void Adjust(LimitDefinition limit, Adjustment adjustment) => _adjustments[limit.Index] = adjustment;

    /// <summary>The number in force at a time; null stands for the day's count that no policy limits.</summary>
    public long NumberOf(LimitDefinition? limit, Instant at)
    {
        if (limit is null) return Schedule.Unlimited;
        var number = Unadjusted(limit, at);
        if (!_adjustments.TryGetValue(limit.Index, out var adjustment) || at >= adjustment.Until) return number;
        if (adjustment.Number is { } given) return given;
        return number == Schedule.Unlimited
            ? number
            : Math.Min(number * adjustment.FactorPpm!.Value / Million, Schedule.NumberMax);
    }

    /// <summary>As it goes into the register.</summary>
    public TenantRecord Record(long version, Instant createdAt) => new(
        Id, Plan, version, createdAt,
        _overrides.ToImmutableDictionary(item => policy.Limits[item.Key].Rule.Id, item => item.Value),
        _adjustments.ToImmutableDictionary(item => policy.Limits[item.Key].Rule.Id, item => item.Value));

    private long Unadjusted(LimitDefinition limit, Instant at)
    {
        if (_overrides.TryGetValue(limit.Index, out var own)) return own;
        if (policy.FindPlan(Plan)!.Numbers[limit.Index] is { } bought) return bought;
        if (limit.Number is { } everyones) return everyones;
        if (limit.PercentOf is not { } index) return 0;
        var whole = NumberOf(policy.Limits[index], at);
        return whole == Schedule.Unlimited ? whole : Math.Min(whole * limit.Percent / 100, Schedule.NumberMax);
    }
}
