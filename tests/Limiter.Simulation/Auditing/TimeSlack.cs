namespace Limiter.Simulation.Auditing;

/// <summary>Bucket times of admissions against the true times of their answers, in milliseconds.</summary>
/// <param name="BehindMs">The most that a bucket's time was before the true one.</param>
/// <param name="AheadMs">The most that it was after the true one.</param>
public readonly record struct TimeSlack(long BehindMs, long AheadMs)
{
    public TimeSlack With(long aheadMs) => new(Math.Max(BehindMs, -aheadMs), Math.Max(AheadMs, aheadMs));
}
