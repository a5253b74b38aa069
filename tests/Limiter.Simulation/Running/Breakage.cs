using Limiter.Engine.Ports;
using Limiter.Simulation.Scenarios;
using Limiter.Simulation.Stores;

namespace Limiter.Simulation.Running;

/// <summary>A part of the product that is broken on purpose, to see that the auditor finds it out.</summary>
internal abstract class Breakage
{
    public abstract string Name { get; }

    /// <summary>The kind of world in which it shows.</summary>
    public abstract string Scenario { get; }

    /// <summary>How its world differs from what the scenario drew; null for not at all.</summary>
    public virtual Func<WorldPlan, WorldPlan>? Replan => null;

    /// <summary>How its buckets decide. One for each world: it may remember.</summary>
    public virtual BucketRule NewRule() => BucketRule.Real;

    /// <summary>The clock that an edge reads.</summary>
    public virtual TimeProvider Clock(TimeProvider real) => real;

    /// <summary>An edge's way to its buckets.</summary>
    public virtual IBuckets Buckets(IBuckets real) => real;
}
