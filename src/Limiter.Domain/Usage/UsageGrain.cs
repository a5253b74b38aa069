namespace Limiter.Domain.Usage;

/// <summary>The lengths of time by which usage is kept, finest first; all of the UTC calendar.</summary>
public enum UsageGrain
{
    Minute,
    Hour,
    Day,
    Month,
}
