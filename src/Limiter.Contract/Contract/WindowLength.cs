using Limiter.Domain;
using Limiter.Domain.Policies;

namespace Limiter.Http.Contract;

/// <summary>How long a limit's window is, in whole seconds, rounded up.</summary>
internal static class WindowLength
{
    private const long HourSeconds = 60 * 60;
    private const long DaySeconds = 24 * HourSeconds;

    /// <summary>
    /// The time in which as much as the limit's number comes free: a token bucket's own window refills a percentage of
    /// it.
    /// </summary>
    /// <param name="rule">The limit's.</param>
    /// <param name="now">Which month it is, where months count.</param>
    public static long OfNumberSeconds(LimitRule rule, Instant now) => rule.Algorithm == Algorithm.TokenBucket
        ? Ceiling.Divide(100 * rule.WindowMs, 1000L * rule.RefillPercent)
        : Seconds(rule, now);

    /// <summary>The window as the policy states it.</summary>
    /// <param name="rule">The limit's.</param>
    /// <param name="now">Which month it is, where months count.</param>
    public static long Seconds(LimitRule rule, Instant now)
    {
        if (rule.Algorithm != Algorithm.CalendarQuota) return Ceiling.Divide(rule.WindowMs, 1000);
        if (rule.Period != CalendarPeriod.Month) return rule.Period == CalendarPeriod.Hour ? HourSeconds : DaySeconds;
        var date = now.ToDateTimeOffset();
        return DateTime.DaysInMonth(date.Year, date.Month) * DaySeconds;
    }
}
