using Limiter.Domain;

namespace Limiter.Simulation.Auditing;

/// <summary>
/// Puts what was told almost in the order of time into that order, what is of one time in the order of telling: takes
/// out the few that were told late, sorts these, and merges them back.
/// </summary>
internal static class TimeOrder
{
    public static void Restore<T>(Span<T> told, Func<T, Instant> timeOf)
    {
        var late = TakeLate(told, timeOf);
        if (late.Count == 0) return;
        // From the back, into the room that those told late have left there. Of one time they come last: what stayed
        // was told before whatever they are late after.
        var (place, kept) = (told.Length - 1, told.Length - late.Count - 1);
        T[] sorted = [.. late.OrderBy(timeOf)];
        for (var next = sorted.Length - 1; next >= 0; place--)
            told[place] = kept >= 0 && timeOf(told[kept]) > timeOf(sorted[next]) ? told[kept--] : sorted[next--];
    }

    // The others move up, to the front.
    private static List<T> TakeLate<T>(Span<T> told, Func<T, Instant> timeOf)
    {
        var (late, kept, latest) = (new List<T>(), 0, Instant.MinValue);
        foreach (var item in told)
        {
            var time = timeOf(item);
            if (time < latest)
            {
                late.Add(item);
                continue;
            }
            latest = time;
            told[kept++] = item;
        }
        return late;
    }
}
