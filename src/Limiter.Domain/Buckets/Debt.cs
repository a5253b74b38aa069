using Limiter.Domain.Policies;

namespace Limiter.Domain.Buckets;

/// <summary>How windows work off what was charged to them beyond their number.</summary>
internal static class Debt
{
    /// <summary>No retry time lies later: the calendar ends there.</summary>
    public static readonly Instant CalendarEnd =
        Instant.From(new DateTimeOffset(9999, 1, 1, 0, 0, 0, TimeSpan.Zero));

    /// <summary>
    /// The window that holds a later time, what it starts with, and what it leaves: each window on the way works off
    /// its
    /// own number of the debt.
    /// </summary>
    public static (Window Window, long Used, long Debt) Roll(
        LimitRule rule, Window window, long debt, Schedule schedule, Instant to)
    {
        while (debt > 0)
        {
            var step = schedule.StepAt(window.End);
            if (step.Number == Schedule.Unlimited) break;
            var ahead = Math.Max(0, Instant.Min(step.Until + -1, to) - window.End) / LengthOf(window);
            if (step.Number > 0) ahead = Math.Min(ahead, debt / step.Number);
            if (rule.Period == CalendarPeriod.Month) ahead = 0;
            window = Window.Of(rule, window.End + (ahead * LengthOf(window)));
            var used = debt - (ahead * step.Number);
            debt = Math.Max(0, used - step.Number);
            if (to < window.End) return (window, used, debt);
        }
        return (Window.Of(rule, to), 0, 0);
    }

    /// <summary>
    /// The start of the window, after this one, in which what is left of so many tokens fits the number.
    /// </summary>
    public static Instant Sufficing(LimitRule rule, Window window, long tokens, long number)
    {
        if (rule.Period == CalendarPeriod.Month || tokens <= number) return window.End;
        var windows = Ceiling.Divide(tokens - number, number);
        return windows > (CalendarEnd - window.End) / LengthOf(window)
            ? CalendarEnd
            : window.End + (windows * LengthOf(window));
    }

    private static long LengthOf(Window window) => window.End - window.Start;
}
