using Limiter.Domain;
using Limiter.Domain.Policies;

namespace Limiter.Simulation.Auditing;

/// <summary>
/// What a limit must at least have left once all is quiet: its number less what was admitted, charged, or lost in
/// leases of edges that are gone. Everything else is back.
/// </summary>
internal sealed class Remainder(LimitAccount limit, Instant at, long lateMs, long knownWithinMs)
{
    private readonly Entry[] _taken =
        [.. ((Entry[])[.. limit.Spent, .. ChargesOf(limit), .. limit.Lost]).OrderBy(entry => entry.At)];

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

    // A token bucket that hears of spending late may not know any more that it was full since.
    private static IEnumerable<Entry> ChargesOf(LimitAccount limit)
    {
        var isLevel = limit.Rule.Algorithm == Algorithm.TokenBucket;
        return limit.Charged.ToArray().Select(
            charge => new Entry(isLevel ? charge.KnownAt : charge.At, charge.Tokens, Edge: 0, VagueMs: 0));
    }

    private long Recent()
    {
        var from = at.UnixMilliseconds - limit.Rule.WindowMs;
        return _taken
            .Where(entry => Ceiling.ToMultiple(entry.At.UnixMilliseconds + lateMs, limit.Rule.SlotMs) > from)
            .Sum(entry => (long)entry.Tokens);
    }

    private long Used()
    {
        var window = CountedWindow.Of(limit.Rule, at);
        var taken = _taken.Where(entry => entry.At >= window.Start).Sum(entry => (long)entry.Tokens);
        return taken + Carried(window);
    }

    // At most all that was charged before, less what whole windows without traffic have worked off since: by the least
    // number that can have been known to the bucket, which hears of another with the next request.
    private long Carried(CountedWindow window)
    {
        var carried = limit.Charged.ToArray().Where(entry => entry.At < window.Start).Sum(entry => (long)entry.Tokens);
        if (carried <= 0) return 0;
        var last = _taken.Last(entry => entry.At < window.Start).At;
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
        foreach (var entry in _taken)
        {
            missing = Int128.Max(0, Refilled(missing, time, entry.At) + (entry.Tokens * unitsPerToken));
            time = entry.At;
        }
        if (_taken.Length > 0) missing = Int128.Max(missing, number * unitsPerToken);
        missing = Refilled(missing, time, at + -lateMs);
        return (long)((missing + unitsPerToken - 1) / unitsPerToken);
    }

    private Int128 Refilled(Int128 missing, Instant from, Instant to)
    {
        if (missing == 0 || to <= from) return missing;
        var number = limit.Numbers.Least(from, to);
        if (number == Schedule.Unlimited) return 0;
        return Int128.Max(0, missing - (TokenMeter.RateOf(limit.Rule, number) * (to - from)));
    }
}
