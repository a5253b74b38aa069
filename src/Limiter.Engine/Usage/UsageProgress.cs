namespace Limiter.Engine.Usage;

/// <summary>How far long work on usage has come.</summary>
/// <param name="Work">What is being done.</param>
/// <param name="Rows">Rows and totals that were gone through since it began.</param>
/// <param name="Elapsed">Since it began.</param>
public readonly record struct UsageProgress(string Work, long Rows, TimeSpan Elapsed)
{
    /// <summary>Rows a second; 0 when no time has passed.</summary>
    public long Rate => Elapsed > TimeSpan.Zero ? (long)(Rows / Elapsed.TotalSeconds) : 0;
}
