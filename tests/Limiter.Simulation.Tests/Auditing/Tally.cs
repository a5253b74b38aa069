using System.Numerics;
using FsCheck;
using FsCheck.Fluent;
using Limiter.Domain;
using Limiter.Domain.Policies;

namespace Limiter.Simulation.Tests.Auditing;

/// <summary>The promises as they are worded: every window and every interval is summed by itself.</summary>
internal static class Tally
{
    public static bool IsOver(
        LimitRule rule, IReadOnlyList<(Instant At, long Tokens)> spent, Func<Instant, long> allowed) =>
        spent.Any(last => rule.Algorithm switch
        {
            Algorithm.FixedWindow => Sum(spent, WindowStart(rule, last.At), last.At) > allowed(last.At),
            Algorithm.SlidingWindow => Sum(spent, last.At + (1 - rule.WindowMs), last.At) > allowed(last.At),
            _ => spent.Any(first => first.At <= last.At
                && IsOver(rule, Sum(spent, first.At, last.At), last.At - first.At, allowed(last.At))),
        });

    /// <summary>Histories near a number of 20 in a window of a second.</summary>
    internal static Gen<(long Ms, long Tokens)[]> HistoriesOf(int entriesMax) =>
        from entries in Gen.Zip(Gen.Choose(0, 6_000), Gen.Choose(1, 6)).ListOf()
        select entries.Take(entriesMax).Select(entry => ((long)entry.Item1, (long)entry.Item2)).ToArray();

    internal static bool IsOver(LimitRule rule, long sum, long elapsed, long capacity) =>
        new BigInteger(sum - capacity) * 100 * rule.WindowMs
            > BigInteger.Max(100, new BigInteger(capacity) * rule.RefillPercent) * elapsed;

    internal static Instant WindowStart(LimitRule rule, Instant at) =>
        new(at.UnixMilliseconds - (at.UnixMilliseconds % rule.WindowMs));

    internal static long Sum(IReadOnlyList<(Instant At, long Tokens)> spent, Instant from, Instant to) =>
        spent.Where(entry => entry.At >= from && entry.At <= to).Sum(entry => entry.Tokens);
}
