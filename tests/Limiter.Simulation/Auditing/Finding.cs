namespace Limiter.Simulation.Auditing;

/// <summary>A promise that was broken.</summary>
/// <param name="Kind">Which.</param>
/// <param name="Sentence">What happened, for a person to read.</param>
public sealed record Finding(FindingKind Kind, string Sentence)
{
    public override string ToString() => $"{Kind}: {Sentence}";
}
