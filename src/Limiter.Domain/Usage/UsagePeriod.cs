namespace Limiter.Domain.Usage;

/// <summary>One minute, hour, day or month of the UTC calendar.</summary>
/// <param name="Grain">Which of them.</param>
/// <param name="Start">Its first moment.</param>
public readonly record struct UsagePeriod(UsageGrain Grain, Instant Start)
{
    public const long MinuteMs = 60 * 1000;
    public const long HourMs = 60 * MinuteMs;
    public const long DayMs = 24 * HourMs;

    /// <summary>The first moment after it.</summary>
    public Instant End => Grain == UsageGrain.Month ? MonthAfter(Start) : Start + LengthOf(Grain);

    /// <summary>The period that holds a time.</summary>
    public static UsagePeriod Of(UsageGrain grain, Instant time)
    {
        if (grain == UsageGrain.Month) return new UsagePeriod(grain, MonthOf(time));
        var length = LengthOf(grain);
        var into = time.UnixMilliseconds % length;
        return new UsagePeriod(grain, time + -(into < 0 ? into + length : into));
    }

    /// <summary>The first period that starts at a time or later.</summary>
    public static UsagePeriod From(UsageGrain grain, Instant time)
    {
        var period = Of(grain, time);
        return period.Start == time ? period : period with { Start = period.End };
    }

    /// <summary>The period of a coarser grain that this one is part of.</summary>
    public UsagePeriod In(UsageGrain coarser) => Of(coarser, Start);

    private static long LengthOf(UsageGrain grain) => grain switch
    {
        UsageGrain.Minute => MinuteMs,
        UsageGrain.Hour => HourMs,
        UsageGrain.Day => DayMs,
        _ => throw new ArgumentOutOfRangeException(nameof(grain), grain, "It has no fixed length."),
    };

    private static Instant MonthOf(Instant time)
    {
        var utc = time.ToDateTimeOffset();
        return Instant.From(new DateTimeOffset(utc.Year, utc.Month, 1, 0, 0, 0, TimeSpan.Zero));
    }

    private static Instant MonthAfter(Instant start) => Instant.From(start.ToDateTimeOffset().AddMonths(1));
}
