using Limiter.Domain;
using Limiter.Domain.Policies;

namespace Limiter.Simulation.Auditing;

/// <summary>
/// What a limit must at least have left once all is quiet: its number less what was admitted, charged, or lost in
/// leases of edges that are gone. Everything else is back.
/// </summary>
internal sealed class Remainder(LimitAccount limit, Instant at, long lateMs, long knownWithinMs)
{
    /// <summary>Tokens; below 0 for a debt. Of an unlimited limit nothing can be missing.</summary>
    public long Least()
    {
        var number = limit.Numbers.At(at);
        if (number == Schedule.Unlimited) return 0;
        return number - limit.Rule.Algorithm switch
        {
            Algorithm.SlidingWindow => Recent(),
            Algorithm.TokenBucket => Missing(number),
            _ => Used(),
        };
    }

    private long Recent()
    {
        var from = at.UnixMilliseconds - limit.Rule.WindowMs;
        var taken = 0L;
        foreach (ref readonly var entry in limit.Spent)
            if (FreeFrom(entry.At) > from) taken += entry.Tokens;
        foreach (ref readonly var charge in limit.Charged)
            if (FreeFrom(charge.At) > from) taken += charge.Tokens;
        foreach (ref readonly var entry in limit.Lost)
            if (FreeFrom(entry.At) > from) taken += entry.Tokens;
        return taken;
    }

    // Less the window's length.
    private long FreeFrom(Instant spentAt) => Ceiling.ToMultiple(spentAt.UnixMilliseconds + lateMs, limit.Rule.SlotMs);

    private long Used()
    {
        var window = CountedWindow.Of(limit.Rule, at);
        var (taken, carried, last) = (0L, 0L, Instant.MinValue);
        foreach (ref readonly var entry in limit.Spent) Take(entry.At, entry.Tokens);
        foreach (ref readonly var entry in limit.Lost) Take(entry.At, entry.Tokens);
        foreach (ref readonly var charge in limit.Charged)
        {
            Take(charge.At, charge.Tokens);
            if (charge.At < window.Start) carried += charge.Tokens;
        }
        return taken + Carried(carried, last, window);

        void Take(Instant time, int tokens)
        {
            if (time >= window.Start) taken += tokens;
            else last = Instant.Max(last, time);
        }
    }

    // At most all that was charged before, less what whole windows without traffic have worked off since the last: by
    // the least number that can have been known to the bucket, which hears of another with the next request.
    private long Carried(long carried, Instant last, CountedWindow window)
    {
        if (carried <= 0) return 0;
        var number = limit.Numbers.Least(last + -knownWithinMs, at);
        var quiet = CountedWindow.Of(limit.Rule, CountedWindow.Of(limit.Rule, last).End);
        for (; quiet.End <= window.Start && carried > 0 && number > 0; quiet = CountedWindow.Of(limit.Rule, quiet.End))
            carried -= number;
        return Math.Max(0, carried);
    }

    // With the slowest refill that the numbers in force allow. A bucket that hears of spending late may not know any
    // more that it had been full, and counts those tokens as missing: only what was refilled since then is sure.
    private long Missing(long number)
    {
        var unitsPerToken = (Int128)limit.Rule.WindowMs * 100;
        var (missing, time) = (Int128.Zero, Instant.MinValue);
        var taken = InOrder();
        foreach (ref readonly var entry in taken.AsSpan())
        {
            missing = Int128.Max(0, Refilled(missing, time, entry.At) + (entry.Tokens * unitsPerToken));
            time = entry.At;
        }
        if (taken.Length > 0) missing = Int128.Max(missing, number * unitsPerToken);
        missing = Refilled(missing, time, at + -lateMs);
        return (long)((missing + unitsPerToken - 1) / unitsPerToken);
    }

    // A token bucket that hears of spending late may not know any more that it was full since.
    private Entry[] InOrder()
    {
        var taken = new Entry[limit.Spent.Length + limit.Charged.Length + limit.Lost.Length];
        limit.Spent.CopyTo(taken);
        var count = limit.Spent.Length;
        foreach (ref readonly var charge in limit.Charged)
            taken[count++] = new Entry(charge.KnownAt, charge.Tokens, Edge: 0, VagueMs: 0);
        limit.Lost.CopyTo(taken.AsSpan(count));
        TimeOrder.Restore(taken, static entry => entry.At);
        return taken;
    }

    private Int128 Refilled(Int128 missing, Instant from, Instant to)
    {
        if (missing == 0 || to <= from) return missing;
        var number = limit.Numbers.Least(from, to);
        if (number == Schedule.Unlimited) return 0;
        return Int128.Max(0, missing - (TokenMeter.RateOf(limit.Rule, number) * (to - from)));
    }
}
