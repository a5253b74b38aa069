namespace Limiter.Domain.Usage;

/// <summary>The busiest minute of a longer period.</summary>
/// <param name="Start">The minute's start.</param>
/// <param name="Checks">Checks that were decided in it, by all edges; at least 1.</param>
public readonly record struct PeakMinute(Instant Start, long Checks)
{
    /// <summary>The one with more checks, of equals the earlier; null for neither.</summary>
    public static PeakMinute? Busier(PeakMinute? left, PeakMinute? right) => (left, right) switch
    {
        (null, _) => right,
        (_, null) => left,
        ({ } one, { } other) when one.Checks != other.Checks => one.Checks > other.Checks ? one : other,
        ({ } one, { } other) => one.Start <= other.Start ? one : other,
    };
}
