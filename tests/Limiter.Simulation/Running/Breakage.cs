using Limiter.Simulation.Scenarios;
using Limiter.Simulation.Stores;

namespace Limiter.Simulation.Running;

/// <summary>A part of the product that is broken on purpose, to see that the auditor finds it out.</summary>
/// <param name="Name">As one names it to replay it.</param>
/// <param name="Scenario">The kind of world in which it shows.</param>
/// <param name="Replan">How its worlds differ from what the scenario drew; null for not at all.</param>
/// <param name="NewRule">How buckets decide; null for as they do.</param>
internal sealed record Breakage(
    string Name, string Scenario, Func<WorldPlan, WorldPlan>? Replan, Func<BucketRule>? NewRule)
{
    /// <summary>The clock that an edge reads instead of its own.</summary>
    public Func<TimeProvider, TimeProvider> Clock { get; init; } = static real => real;

    /// <summary>Saves of usage, in millionths, of which nothing stays although the store says so.</summary>
    public int ForgetsRows { get; init; }

    public override string ToString() => Name;
}
