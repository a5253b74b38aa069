using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Limiter.Domain.Decisions;

namespace Limiter.Engine.Metrics;

/// <summary>
/// Counts decisions by plan, endpoint group, outcome and mode, on the way of every check: nothing is allocated for a
/// series that was counted before. Thread-safe.
/// </summary>
internal sealed class DecisionCounts
{
    /// <summary>
    /// Most series; whatever has no place is counted as <see cref="Other"/>, by outcome and mode alone.
    /// </summary>
    public const int SeriesMax = 100;

    /// <summary>The plan and group of what found no place of its own.</summary>
    public const string Other = "other";

    /// <summary>The plan or group of a check that was refused before it was known.</summary>
    public const string None = "none";

    private const int Modes = 3;
    private const int Kinds = 3 * Modes;
    private const int SlotsMask = 1_023;

    private readonly DecisionSeries[] _others = new DecisionSeries[Kinds];
    private readonly ConcurrentDictionary<(string Plan, string Group, int Kind), DecisionSeries> _series = new();

    // Where a series was found last, by who the names are rather than by what they say: two that fall together here
    // are looked up by name.
    private readonly DecisionSeries?[] _slots = new DecisionSeries?[SlotsMask + 1];
    private readonly Lock _adding = new();
    private bool _isFull;

    public DecisionCounts()
    {
        for (var kind = 0; kind < Kinds; kind++) _others[kind] = NewSeries(Other, Other, kind);
    }

    /// <summary>Admissions that a shadow limit would have denied, by limit.</summary>
    public ShadowCounts Shadowed { get; } = new();

    /// <summary>Those that counted anything.</summary>
    public IEnumerable<DecisionSeries> Series =>
        _series.Values.Concat(_others).Where(series => series.Count.Value > 0);

    public void Count(Decision decision)
    {
        var plan = decision.Plan?.Name ?? None;
        var group = decision.Rule?.Group ?? None;
        var kind = (int)decision.Outcome * Modes + (int)decision.Mode;
        ref var slot = ref _slots[SlotOf(plan, group, kind)];
        var series = Volatile.Read(ref slot);
        if (series is null || series.Kind != kind || series.Plan != plan || series.Group != group)
            Volatile.Write(ref slot, series = Find(plan, group, kind));
        series.Count.Add(1);
        if (decision.IsShadowed) Shadowed.Count(decision);
    }

    private DecisionSeries Find(string plan, string group, int kind)
    {
        if (_series.TryGetValue((plan, group, kind), out var known)) return known;
        if (Volatile.Read(ref _isFull)) return _others[kind];
        lock (_adding)
        {
            if (_series.TryGetValue((plan, group, kind), out known)) return known;
            if (_isFull) return _others[kind];
            known = _series[(plan, group, kind)] = NewSeries(plan, group, kind);
            Volatile.Write(ref _isFull, _series.Count >= SeriesMax - Kinds);
            return known;
        }
    }

    private static int SlotOf(string plan, string group, int kind) =>
        (RuntimeHelpers.GetHashCode(plan) ^ (RuntimeHelpers.GetHashCode(group) << 1) ^ (kind << 6)) & SlotsMask;

    private static DecisionSeries NewSeries(string plan, string group, int kind) =>
        new(plan, group, (Outcome)(kind / Modes), (DecisionMode)(kind % Modes), kind);
}

/// <summary>One combination of labels, and how often it was decided.</summary>
internal sealed record DecisionSeries(string Plan, string Group, Outcome Outcome, DecisionMode Mode, int Kind)
{
    public StripedCounter Count { get; } = new();
}
