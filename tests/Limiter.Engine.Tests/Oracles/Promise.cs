using Limiter.Domain;
using Limiter.Domain.Policies;

namespace Limiter.Engine.Tests.Oracles;

internal readonly record struct Spent(Instant At, long Tokens);

/// <summary>What each algorithm promises over all admissions, whoever made them.</summary>
internal static class Promise
{
    /// <param name="rule">The limit's rule.</param>
    /// <param name="number">Its number.</param>
    /// <param name="admitted">All admissions, in the order of time.</param>
    /// <param name="what">Told when it was broken.</param>
    public static void Check(LimitRule rule, long number, IReadOnlyList<Spent> admitted, string what)
    {
        switch (rule.Algorithm)
        {
            case Algorithm.FixedWindow:
                InEach(admitted.GroupBy(spent => spent.At.UnixMilliseconds / rule.WindowMs), number, what);
                break;
            case Algorithm.CalendarQuota:
                InEach(admitted.GroupBy(spent => spent.At.UnixMilliseconds / 3_600_000), number, what);
                break;
            case Algorithm.SlidingWindow:
                for (var i = 0; i < admitted.Count; i++)
                    admitted.Skip(i).TakeWhile(spent => spent.At - admitted[i].At < rule.WindowMs)
                        .Sum(spent => spent.Tokens).ShouldBeLessThanOrEqualTo(number, $"{what}, from {admitted[i].At}");
                break;
            default:
                for (var i = 0; i < admitted.Count; i++)
                {
                    var sum = 0L;
                    for (var j = i; j < admitted.Count; j++)
                        ((sum += admitted[j].Tokens) * rule.WindowMs).ShouldBeLessThanOrEqualTo(
                            (number * rule.WindowMs) + ((admitted[j].At - admitted[i].At) * number),
                            $"{what}, {admitted[i].At} to {admitted[j].At}");
                }
                break;
        }
    }

    private static void InEach(IEnumerable<IGrouping<long, Spent>> windows, long number, string what)
    {
        foreach (var window in windows)
            window.Sum(spent => spent.Tokens).ShouldBeLessThanOrEqualTo(number, $"{what}, window {window.Key}");
    }
}
