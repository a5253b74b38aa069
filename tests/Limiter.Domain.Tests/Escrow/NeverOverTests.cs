using System.Collections.Immutable;
using Limiter.Domain.Escrow;
using Limiter.Domain.Policies;
using Limiter.Domain.Tests.Buckets;
using Limiter.Domain.Tests.Buckets.Oracles;

namespace Limiter.Domain.Tests.Escrow;

/// <summary>The promise: never over, whatever crashes, is lost, repeated, reordered or late.</summary>
public sealed class NeverOverTests
{
    private const int Runs = 400;
    private const int Steps = 250;

    [Theory]
    [InlineData(Algorithm.FixedWindow)]
    [InlineData(Algorithm.CalendarQuota)]
    [InlineData(Algorithm.SlidingWindow)]
    [InlineData(Algorithm.TokenBucket)]
    public void Edges_over_a_bad_network_never_admit_more(Algorithm algorithm) => Seeds.Each(Runs, dice =>
    {
        var storm = new Storm(dice, Make.Terms(AnyRule(dice, algorithm, Make.Minute), dice.Next(5, 60)));
        storm.Run(Steps);
        Check(storm);
    });

    [Theory]
    [InlineData(Algorithm.FixedWindow)]
    [InlineData(Algorithm.CalendarQuota)]
    [InlineData(Algorithm.SlidingWindow)]
    [InlineData(Algorithm.TokenBucket)]
    public void Corrected_costs_never_let_more_through(Algorithm algorithm) => Seeds.Each(Runs, dice =>
    {
        var terms = Make.Terms(AnyRule(dice, algorithm, Make.Minute), dice.Next(5, 60));
        var storm = new Storm(dice, terms) { Corrections = true };
        storm.Run(Steps);
        Check(storm);
    });

    [Fact]
    public void Several_limits_at_once_are_all_kept() => Seeds.Each(Runs, dice =>
    {
        var terms = Make.Terms(
            1,
            (AnyRule(dice, dice.Of(All), Make.Minute), AnySchedule(dice, Make.Start)),
            (AnyRule(dice, dice.Of(All), Make.Other), AnySchedule(dice, Make.Start)),
            (LimitRule.Day, Schedule.AlwaysUnlimited));
        var storm = new Storm(dice, terms) { Corrections = dice.Percent(50) };
        storm.Run(Steps);
        Check(storm);
    });

    [Fact]
    public void Changed_numbers_and_schedules_are_kept() => Seeds.Each(Runs, dice =>
    {
        var rule = AnyRule(dice, dice.Of(All), Make.Minute);
        var storm = new Storm(dice, Make.Terms(rule, dice.Next(5, 60)))
        {
            Change = (old, now) => Make.Terms(old.Version.Tenant + 1, (rule, AnySchedule(dice, now))),
        };
        storm.Run(Steps);
        Check(storm);
    });

    [Fact]
    public void Changed_algorithms_keep_their_promise_from_then_on() => Seeds.Each(2 * Runs, dice =>
    {
        var number = dice.Next(5, 60);
        var storm = new Storm(dice, Make.Terms(AnyRule(dice, dice.Of(All), Make.Minute), number))
        {
            Corrections = dice.Percent(30),
            Change = (old, now) => Make.Terms(
                old.Version.Tenant + 1,
                (AnyRule(dice, dice.Of(All), Make.Minute), Schedule.Constant(number))),
        };
        storm.Run(Steps);
        Check(storm);
    });

    private static readonly Algorithm[] All =
        [Algorithm.FixedWindow, Algorithm.CalendarQuota, Algorithm.SlidingWindow, Algorithm.TokenBucket];

    private static LimitRule AnyRule(Dice dice, Algorithm algorithm, LimitId id) => algorithm switch
    {
        Algorithm.FixedWindow => LimitRule.Fixed(id, 1_000 * dice.Next(1, 40)),
        Algorithm.CalendarQuota => LimitRule.Calendar(
            id, dice.Of(CalendarPeriod.Hour, CalendarPeriod.Day, CalendarPeriod.Month)),
        Algorithm.SlidingWindow => LimitRule.Sliding(id, 1_000 * dice.Next(1, 60)),
        _ => LimitRule.TokenBucket(id, 1_000 * dice.Next(1, 60), (int)dice.Of(100L, 100L, 50L, 350L)),
    };

    private static Schedule AnySchedule(Dice dice, Instant now) => dice.Next(0, 2) switch
    {
        0 => Schedule.Constant(dice.Next(5, 60)),
        1 => Schedule.Of(
            new Schedule.Step(now + dice.Next(1, 60_000), dice.Next(0, 60)),
            new Schedule.Step(Instant.Never, dice.Next(5, 60))),
        _ => Schedule.Of(
            new Schedule.Step(now + dice.Next(1, 20_000), dice.Next(0, 60)),
            new Schedule.Step(now + dice.Next(20_001, 60_000), dice.Next(5, 60)),
            new Schedule.Step(Instant.Never, dice.Next(5, 60))),
    };

    private static void Check(Storm storm)
    {
        foreach (var id in new[] { Make.Minute, Make.Other })
        {
            var spent = storm.Admissions.Where(check => check.Limits.Contains(id) && check.Net > 0)
                .Select(check => new Spend(check.At, check.Net)).ToList();
            for (var i = 0; i < storm.InForce.Count;)
            {
                // From one change of the rule to the next.
                var from = storm.InForce[i];
                var rule = LimitOf(from.Terms, id)?.Rule;
                while (i < storm.InForce.Count && LimitOf(storm.InForce[i].Terms, id)?.Rule == rule) i++;
                var to = i < storm.InForce.Count ? storm.InForce[i].From : Instant.Never;
                if (rule is null) continue;
                var part = spent.Where(spend => spend.At >= from.From && spend.At < to).ToList();
                Promise.Holds(rule, part, (start, end) => Highest(storm, id, start, end));
            }
        }
    }

    private static long Highest(Storm storm, LimitId id, Instant start, Instant end)
    {
        var highest = 0L;
        start += -Domain.Buckets.Lease.LifetimeMsMax;
        for (var i = 0; i < storm.InForce.Count; i++)
        {
            var until = i + 1 < storm.InForce.Count ? storm.InForce[i + 1].From : Instant.Never;
            var (from, to) = (Instant.Max(start, storm.InForce[i].From), Instant.Min(end, until));
            if (from > to || LimitOf(storm.InForce[i].Terms, id) is not { } limit) continue;
            var stepStart = new Instant(long.MinValue);
            foreach (var step in limit.Schedule.Steps)
            {
                if (step.Until > from && stepStart < to) highest = Math.Max(highest, step.Number);
                stepStart = step.Until;
            }
        }
        return highest;
    }

    private static LimitTerms? LimitOf(Terms terms, LimitId id) =>
        terms.PositionOf(id) is >= 0 and var position ? terms.Limits[position] : null;
}
