using System.Numerics;
using Limiter.Domain.Escrow;
using Limiter.Domain.Policies;

namespace Limiter.Domain.Tests.Buckets.Oracles;

/// <summary>
/// What each algorithm promises over what was really admitted, checked naively. A number may change: a lease that is
/// out may be spent under the number it was granted under, so an interval may hold as much as the highest number in
/// force from a lease's lifetime before it.
/// </summary>
internal static class Promise
{
    public static void Holds(LimitRule rule, IReadOnlyList<Spend> spent, Func<Instant, Instant, long> highest)
    {
        var sorted = spent.OrderBy(spend => spend.At).ToList();
        switch (rule.Algorithm)
        {
            case Algorithm.SlidingWindow:
                foreach (var first in sorted)
                    Within(rule, sorted, first.At, first.At + rule.WindowMs, highest);
                break;
            case Algorithm.TokenBucket:
                TokenBucket(rule, sorted, highest);
                break;
            default:
                foreach (var first in sorted)
                {
                    var (start, end) = WindowOf(rule, first.At);
                    Within(rule, sorted, start, end, highest);
                }
                break;
        }
    }

    public static (Instant Start, Instant End) WindowOf(LimitRule rule, Instant at) =>
        (rule.Algorithm, rule.Period) switch
    {
        (Algorithm.FixedWindow, _) => PlainWindows.Seconds(at, rule.WindowMs / 1000),
        (_, CalendarPeriod.Hour) => PlainWindows.Seconds(at, 3_600),
        (_, CalendarPeriod.Day) => PlainWindows.Seconds(at, 86_400),
        _ => PlainWindows.Month(at),
    };

    private static void Within(
        LimitRule rule, List<Spend> sorted, Instant from, Instant to, Func<Instant, Instant, long> highest)
    {
        var sum = sorted.Where(spend => spend.At >= from && spend.At < to).Sum(spend => spend.Tokens);
        if (sum > highest(from, to))
            throw new InvalidOperationException($"{rule.Algorithm}: {sum} in [{from}, {to}), not {highest(from, to)}.");
    }

    private static void TokenBucket(LimitRule rule, List<Spend> sorted, Func<Instant, Instant, long> highest)
    {
        for (var first = 0; first < sorted.Count; first++)
        {
            BigInteger sum = 0;
            for (var last = first; last < sorted.Count; last++)
            {
                sum += sorted[last].Tokens;
                var (from, to) = (sorted[first].At, sorted[last].At);
                var number = highest(from, to + 1);
                var refill = Math.Max(1, number * rule.RefillPercent / 100);
                if (sum * rule.WindowMs > ((BigInteger)number * rule.WindowMs) + ((BigInteger)refill * (to - from)))
                    throw new InvalidOperationException($"Token bucket {number}: {sum} in [{from}, {to}].");
            }
        }
    }
}
