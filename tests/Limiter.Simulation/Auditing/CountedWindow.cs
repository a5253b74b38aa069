using Limiter.Domain;
using Limiter.Domain.Policies;

namespace Limiter.Simulation.Auditing;

/// <summary>A window of a fixed window or a calendar quota: from its start up to, not including, its end.</summary>
internal readonly record struct CountedWindow(Instant Start, Instant End)
{
    public static CountedWindow Of(LimitRule rule, Instant time)
    {
        if (rule.Algorithm == Algorithm.FixedWindow)
        {
            var start = time.UnixMilliseconds / rule.WindowMs * rule.WindowMs;
            return new CountedWindow(new Instant(start), new Instant(start + rule.WindowMs));
        }
        var utc = time.ToDateTimeOffset().UtcDateTime;
        var (from, to) = rule.Period switch
        {
            CalendarPeriod.Hour => (utc.Date.AddHours(utc.Hour), utc.Date.AddHours(utc.Hour + 1)),
            CalendarPeriod.Day => (utc.Date, utc.Date.AddDays(1)),
            _ => (new DateTime(utc.Year, utc.Month, 1), new DateTime(utc.Year, utc.Month, 1).AddMonths(1)),
        };
        return new CountedWindow(Of(from), Of(to));
    }

    private static Instant Of(DateTime utc) => Instant.From(new DateTimeOffset(utc, TimeSpan.Zero));
}
