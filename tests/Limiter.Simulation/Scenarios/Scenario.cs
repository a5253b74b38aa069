using Limiter.Simulation.Time;

namespace Limiter.Simulation.Scenarios;

/// <summary>A kind of world. Its plan follows from the seed alone.</summary>
/// <param name="Name">As one names it to replay a world.</param>
/// <param name="Plan">Draws a world of this kind.</param>
internal sealed record Scenario(string Name, Func<Dice, WorldPlan> Plan)
{
    public override string ToString() => Name;
}
