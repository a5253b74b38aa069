using Limiter.Domain.Decisions;
using Limiter.Domain.Policies;
using Limiter.Domain.Tenants;
using Limiter.Domain.Usage;

namespace Limiter.Engine.Usage;

/// <summary>The checks of one key under one rule, as they are counted.</summary>
/// <param name="key">The key; none for requests without one.</param>
/// <param name="rule">The rule; null for all that have no line of their own.</param>
internal struct CountedLine(KeyId key, EndpointRule? rule)
{
    private long _allowed;
    private long _denied;
    private long _refused;
    private long _degraded;

    // Null until a limit lacked tokens.
    private LimitCounts? _byLimit;

    /// <summary>Tokens that the allowed ones cost.</summary>
    public long Cost { get; set; }

    public readonly bool IsRest => rule is null;

    public readonly bool Is(KeyId otherKey, EndpointRule otherRule) =>
        ReferenceEquals(rule, otherRule) && key == otherKey;

    public void Count(Decision decision)
    {
        if (decision.Mode == DecisionMode.Degraded) _degraded++;
        switch (decision.Outcome)
        {
            case Outcome.Allowed:
                _allowed++;
                Cost += decision.Cost;
                if (decision.IsShadowed) CountLimits(decision);
                break;
            case Outcome.Denied:
                _denied++;
                CountLimits(decision);
                break;
            default:
                _refused++;
                break;
        }
    }

    public readonly void AddTo(UsageSum sum)
    {
        var subject = rule is null ? UsageSubject.Other : UsageSubject.Of(key.Text, rule.Group, rule.Template);
        sum.Add(subject, new UsageCounts(_allowed, _denied, _refused, _degraded, Cost));
        _byLimit?.AddTo(sum, subject);
    }

    // A sheet lasts a minute: of one in which the policy changes, limits are told by the policy that began it.
    private void CountLimits(Decision decision)
    {
        _byLimit ??= new LimitCounts(decision.Policy!);
        _byLimit.Count(decision);
    }
}
