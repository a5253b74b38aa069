using System.Collections.Concurrent;
using Limiter.Domain.Decisions;

namespace Limiter.Engine.Metrics;

/// <summary>
/// Counts by limit the admissions that a shadow limit would have denied; nothing is allocated for a limit that was
/// counted before. Thread-safe.
/// </summary>
internal sealed class ShadowCounts
{
    /// <summary>
    /// Most limits that are told apart, as many as a policy has; those that a later policy names besides are counted
    /// together, as <see cref="DecisionCounts.Other"/>.
    /// </summary>
    public const int LimitsMax = 20;

    private readonly ConcurrentDictionary<string, StripedCounter> _byLimit = new();
    private readonly StripedCounter _others = new();
    private readonly Lock _adding = new();

    /// <summary>Those that counted anything.</summary>
    public IEnumerable<(string Limit, long Count)> ByLimit =>
        _byLimit.Select(one => (one.Key, one.Value.Value)).Append((DecisionCounts.Other, _others.Value))
            .Where(one => one.Value > 0);

    /// <summary>Counts an admission once for every limit that would have denied it.</summary>
    public void Count(Decision decision)
    {
        foreach (ref readonly var status in decision.Limits)
            if (status.WouldDeny) CounterOf(status.Limit.Name).Add(1);
    }

    private StripedCounter CounterOf(string limit)
    {
        if (_byLimit.TryGetValue(limit, out var known)) return known;
        lock (_adding)
        {
            if (_byLimit.TryGetValue(limit, out known)) return known;
            // A limit of that name is one of the others: no two series may have the same label.
            if (_byLimit.Count >= LimitsMax || limit == DecisionCounts.Other) return _others;
            return _byLimit[limit] = new StripedCounter();
        }
    }
}
