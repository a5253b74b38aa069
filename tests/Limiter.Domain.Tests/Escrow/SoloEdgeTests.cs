using Limiter.Domain.Buckets;
using Limiter.Domain.Escrow;
using Limiter.Domain.Policies;
using Limiter.Domain.Tests.Buckets;
using Limiter.Domain.Tests.Buckets.Oracles;

namespace Limiter.Domain.Tests.Escrow;

/// <summary>With one edge that reports before it denies, every outcome is exactly the plain algorithm's.</summary>
public sealed class SoloEdgeTests
{
    private const int Runs = 300;
    private const int Requests = 250;

    public static TheoryData<Algorithm, bool> Algorithms => new()
    {
        { Algorithm.FixedWindow, false }, { Algorithm.FixedWindow, true },
        { Algorithm.CalendarQuota, false }, { Algorithm.CalendarQuota, true },
        { Algorithm.SlidingWindow, false }, { Algorithm.SlidingWindow, true },
        { Algorithm.TokenBucket, false }, { Algorithm.TokenBucket, true },
    };

    [Theory]
    [MemberData(nameof(Algorithms))]
    public void Every_outcome_is_the_plain_one_s(Algorithm algorithm, bool wholeSeconds) => Seeds.Each(Runs, dice =>
    {
        var number = dice.Next(1, 60);
        var (rule, plain) = Any(dice, algorithm, number);
        Compare(dice, rule, number, plain, wholeSeconds);
    });

    [Fact]
    public void Sixty_seconds_by_whole_seconds_are_a_true_sliding_window() => Seeds.Each(Runs, dice =>
        Compare(dice, Make.Sliding(), 60, new PlainSliding(60, 60_000, 1), wholeSeconds: true));

    [Fact]
    public void What_remains_and_when_it_resets_are_the_plain_algorithm_s_all_along() => Seeds.Each(Runs, dice =>
    {
        var number = dice.Next(1, 60);
        var (rule, plain) = Any(dice, dice.Of(All), number);
        var edge = new SoloEdge(Make.Terms(rule, number));
        var now = Make.Start;
        var outlook = default(LimitOutlook);
        ReserveReply? last = null;
        for (var i = 0; i < Requests; i++)
        {
            now += Step(dice, rule, wholeSeconds: false);
            var cost = dice.Next(1, 10);
            if (!edge.TryAdmit(now, cost, dice.Next(0, 40), 30_000)) cost = 0;
            else plain.Spend(now, cost);
            if (edge.Last != last)
            {
                last = edge.Last;
                outlook = last!.Limits[0].Outlook;
            }
            outlook.Spend(rule, cost, now);
            // For as long as a lease lives, a client can be told without asking again.
            var longest = rule.SlotMs > 0 ? Math.Min(Lease.LifetimeMsMax, rule.WindowMs / 4) : Lease.LifetimeMsMax;
            for (var later = now; later - last!.Now <= longest; later += dice.Next(1, 9_000))
            {
                if (rule.SlotMs == 0 && rule.Algorithm != Algorithm.TokenBucket && later >= outlook.FreeAt) break;
                var (unreported, lastSpend) = edge.Unreported(Make.Minute);
                outlook.RemainingAt(rule, later, unreported).ShouldBe(plain.Remaining(later), $"{rule} at {later}");
                outlook.ResetsAt(rule, later, lastSpend).ShouldBe(plain.ResetsAt(later), $"{rule} at {later}");
            }
        }
    });

    [Fact]
    public void Far_from_the_limit_few_requests_reach_the_bucket()
    {
        var edge = new SoloEdge(Make.Terms(Make.Sliding(3_600), 10_000));
        for (var i = 0; i < 1_000; i++) edge.TryAdmit(Make.At(i / 10.0), 1, 300, 30_000).ShouldBeTrue();
        edge.Calls.ShouldBeLessThanOrEqualTo(8);
    }

    private static readonly Algorithm[] All =
        [Algorithm.FixedWindow, Algorithm.CalendarQuota, Algorithm.SlidingWindow, Algorithm.TokenBucket];

    private static void Compare(Dice dice, LimitRule rule, long number, IPlain plain, bool wholeSeconds)
    {
        var edge = new SoloEdge(Make.Terms(rule, number));
        var now = Make.Start;
        for (var i = 0; i < Requests; i++)
        {
            now += Step(dice, rule, wholeSeconds);
            var (cost, like, lifetime) = (dice.Next(1, 10), dice.Next(0, 60), dice.Next(0, 30_000));
            if (dice.Percent(5)) edge.LoseReply(now, cost, like, 0 < lifetime ? lifetime : 1);
            var fits = plain.Fits(now, cost);
            edge.TryAdmit(now, cost, like, lifetime).ShouldBe(fits, $"request {i} of {cost} at {now}, {number} {rule}");
            if (fits) plain.Spend(now, cost);
        }
    }

    // Mostly bursts; now and then idle for a lease's life, a window, or longer than a late report counts.
    private static long Step(Dice dice, LimitRule rule, bool wholeSeconds)
    {
        var step = dice.Next(0, 99) switch
        {
            < 40 => 0,
            < 70 => dice.Next(1, 3_000),
            < 92 => dice.Next(1, 12_000),
            < 97 => dice.Next(10_000, 70_000),
            < 99 => Math.Max(1_000, rule.WindowMs),
            _ => dice.Next(100_000, 900_000),
        };
        return wholeSeconds ? step / 1_000 * 1_000 : step;
    }

    private static (LimitRule Rule, IPlain Plain) Any(Dice dice, Algorithm algorithm, long number)
    {
        var seconds = dice.Of(1, 7, 20, 60, 60, 90, 3_600);
        var percent = dice.Of(100, 100, 30, 250);
        var period = dice.Of(CalendarPeriod.Hour, CalendarPeriod.Day, CalendarPeriod.Month);
        var rule = algorithm switch
        {
            Algorithm.FixedWindow => LimitRule.Fixed(Make.Minute, seconds * 1_000),
            Algorithm.CalendarQuota => LimitRule.Calendar(Make.Minute, period),
            Algorithm.SlidingWindow => LimitRule.Sliding(Make.Minute, seconds * 1_000),
            _ => LimitRule.TokenBucket(Make.Minute, seconds * 1_000, percent),
        };
        IPlain plain = algorithm switch
        {
            Algorithm.SlidingWindow => new PlainSliding(number, rule.WindowMs, rule.WindowMs / 60),
            Algorithm.TokenBucket => new PlainTokenBucket(
                number, Math.Max(1, number * percent / 100), rule.WindowMs, Make.Start),
            _ => new PlainWindows(number, time => Promise.WindowOf(rule, time)),
        };
        return (rule, plain);
    }
}
