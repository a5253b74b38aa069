using Limiter.Domain.Policies;

namespace Limiter.Domain.Buckets;

/// <summary>
/// One window of a fixed window or a calendar quota: from <paramref name="Start"/> up to, not including,
/// <paramref name="End"/>.
/// </summary>
internal readonly record struct Window(Instant Start, Instant End)
{
    private const long HourMs = 60 * 60 * 1000;
    private const long DayMs = 24 * HourMs;

    /// <summary>The window that holds a time.</summary>
    public static Window Of(LimitRule rule, Instant time) => (rule.Algorithm, rule.Period) switch
    {
        (Algorithm.FixedWindow, _) => Aligned(time, rule.WindowMs),
        (Algorithm.CalendarQuota, CalendarPeriod.Hour) => Aligned(time, HourMs),
        (Algorithm.CalendarQuota, CalendarPeriod.Day) => Aligned(time, DayMs),
        (Algorithm.CalendarQuota, CalendarPeriod.Month) => Month(time),
        _ => throw new InvalidOperationException($"{rule.Algorithm} {rule.Period} has no windows."),
    };

    private static Window Aligned(Instant time, long lengthMs)
    {
        var ms = time.UnixMilliseconds;
        var start = new Instant(ms - (((ms % lengthMs) + lengthMs) % lengthMs));
        return new Window(start, start + lengthMs);
    }

    private static Window Month(Instant time)
    {
        var utc = time.ToDateTimeOffset();
        var start = new DateTimeOffset(utc.Year, utc.Month, 1, 0, 0, 0, TimeSpan.Zero);
        return new Window(Instant.From(start), Instant.From(start.AddMonths(1)));
    }
}
