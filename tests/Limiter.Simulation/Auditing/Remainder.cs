using Limiter.Domain;
using Limiter.Domain.Policies;

namespace Limiter.Simulation.Auditing;

/// <summary>
/// What a limit must at least have left once all is quiet: its number less what was admitted, charged, or lost in leases
/// of edges that are gone. Everything else is back.
/// </summary>
internal readonly ref struct Remainder(LimitAccount limit, Instant at, long lateMs)
{
    /// <summary>Tokens; below 0 for a debt. For an unlimited limit nothing has to be left.</summary>
    public long Least()
    {
        var number = limit.Numbers.At(at);
        if (number == Schedule.Unlimited) return 0;
        return limit.Rule.Algorithm switch
        {
            Algorithm.SlidingWindow => number - Recent(limit.Spent) - Recent(limit.Charged) - Recent(limit.Lost),
            Algorithm.TokenBucket => number - Missing(number),
            _ => number - Used(number),
        };
    }

    private long Recent(ReadOnlySpan<Entry> entries)
    {
        var sum = 0L;
        foreach (var entry in entries)
        {
            var slot = Ceiling.ToMultiple(entry.At.UnixMilliseconds + lateMs, limit.Rule.SlotMs);
            if (slot + limit.Rule.WindowMs > at.UnixMilliseconds) sum += entry.Tokens;
        }
        return sum;
    }

    // What earlier windows carry is at most all that was charged beside admissions.
    private long Used(long number)
    {
        var window = CountedWindow.Of(limit.Rule, at);
        var (used, carried) = (0L, 0L);
        foreach (var entries in (ReadOnlySpan<Entry[]>)[limit.Spent.ToArray(), limit.Charged.ToArray(), limit.Lost.ToArray()])
            foreach (var entry in entries)
                if (entry.At >= window.Start) used += entry.Tokens;
        foreach (var entry in limit.Charged)
            if (entry.At < window.Start) carried += entry.Tokens;
        return used + Math.Min(carried, Math.Max(0, number) + carried);
    }

    private long Missing(long number)
    {
        Entry[] all = [.. limit.Spent, .. limit.Charged, .. limit.Lost];
        Array.Sort(all, (left, right) => left.At.CompareTo(right.At));
        var unitsPerToken = (Int128)limit.Rule.WindowMs * 100;
        var rate = (Int128)number * limit.Rule.RefillPercent;
        var (missing, time) = (Int128.Zero, Instant.MinValue);
        foreach (var entry in all)
        {
            missing = Int128.Max(0, missing - (rate * Math.Min(entry.At.UnixMilliseconds - Math.Max(time.UnixMilliseconds, 0), long.MaxValue)));
            time = entry.At;
            missing = Int128.Max(0, missing + (entry.Tokens * unitsPerToken));
        }
        missing = Int128.Max(0, missing - (rate * Math.Max(0, at.UnixMilliseconds - Math.Max(time.UnixMilliseconds, 0) - lateMs)));
        return (long)((missing + unitsPerToken - 1) / unitsPerToken);
    }
}
