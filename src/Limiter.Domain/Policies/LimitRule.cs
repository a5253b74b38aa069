namespace Limiter.Domain.Policies;

/// <summary>How one limit counts, without its number: what a bucket needs to know of a policy's limit.</summary>
/// <param name="Id">The name under which the bucket keeps the count.</param>
/// <param name="Algorithm">The promise that is kept.</param>
/// <param name="WindowMs">
/// Length in milliseconds of a fixed or sliding window, or the time in which a token bucket is refilled by
/// <see cref="RefillPercent"/> of its capacity; 1,000 to 2,678,400,000 (31 days; a token bucket 1 day). 0 for a
/// calendar quota.
/// </param>
/// <param name="Period">
/// The period of a calendar quota; otherwise <see cref="CalendarPeriod.Hour"/> and not used.
/// </param>
/// <param name="SlotMs">
/// Length in milliseconds of a sliding window's slot, at most a sixtieth of the window; otherwise 0.
/// </param>
/// <param name="RefillPercent">
/// Tokens refilled in one window, in percent of the capacity; 1 to 10,000, 100 unless said. Token bucket only,
/// otherwise 0.
/// </param>
public sealed record LimitRule(
    LimitId Id, Algorithm Algorithm, long WindowMs, CalendarPeriod Period, long SlotMs, int RefillPercent)
{
    public const long WindowMsMin = 1_000;
    public const long WindowMsMax = 31L * 24 * 60 * 60 * 1000;
    public const long TokenBucketWindowMsMax = 24L * 60 * 60 * 1000;
    public const int SlotsPerWindow = 60;
    public const int RefillPercentMax = 10_000;

    /// <summary>The count of its UTC day that every bucket keeps.</summary>
    public static readonly LimitRule Day = Calendar(LimitId.Day, CalendarPeriod.Day);

    public static LimitRule Fixed(LimitId id, long windowMs) =>
        new(id, Algorithm.FixedWindow, windowMs, CalendarPeriod.Hour, 0, 0);

    public static LimitRule Calendar(LimitId id, CalendarPeriod period) =>
        new(id, Algorithm.CalendarQuota, 0, period, 0, 0);

    /// <summary>The slot is the window's sixtieth, rounded down: 1 s for a window of 60 s.</summary>
    public static LimitRule Sliding(LimitId id, long windowMs) =>
        new(id, Algorithm.SlidingWindow, windowMs, CalendarPeriod.Hour, windowMs / SlotsPerWindow, 0);

    public static LimitRule TokenBucket(LimitId id, long windowMs, int refillPercent = 100) =>
        new(id, Algorithm.TokenBucket, windowMs, CalendarPeriod.Hour, 0, refillPercent);
}
