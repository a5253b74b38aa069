using Limiter.Domain.Buckets;
using Limiter.Domain.Policies;

namespace Limiter.Domain.Alerts;

/// <summary>
/// The stretch of time in which a threshold is told once. Of a fixed window or a calendar quota it is the window
/// itself. A sliding window and a token bucket have none: there it is a stretch of the window's length, aligned to the
/// Unix epoch, so that all edges find the same.
/// </summary>
/// <param name="Start">Its first moment.</param>
/// <param name="End">The first moment after it.</param>
public readonly record struct AlarmWindow(Instant Start, Instant End)
{
    public long LengthMs => End - Start;

    public static AlarmWindow Of(LimitRule rule, Instant time)
    {
        if (Resets(rule))
        {
            var window = Window.Of(rule, time);
            return new AlarmWindow(window.Start, window.End);
        }
        var start = new Instant(FloorTo(time.UnixMilliseconds, rule.WindowMs));
        return new AlarmWindow(start, start + rule.WindowMs);
    }

    /// <summary>Whether the use of a limit starts from nothing at the window's end.</summary>
    public static bool Resets(LimitRule rule) =>
        rule.Algorithm is Algorithm.FixedWindow or Algorithm.CalendarQuota;

    private static long FloorTo(long value, long step) => value - (((value % step) + step) % step);
}
