using Limiter.Domain.Alerts;
using Limiter.Domain.Policies;

namespace Limiter.Domain.Tests.Alerts;

/// <summary>When a threshold is told, and when it is told again.</summary>
public sealed class AlarmTests
{
    private const long Minute = 60_000;

    private static readonly Instant Start = Instant.From(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
    private static readonly LimitRule Fixed = LimitRule.Fixed(Limit(), Minute);
    private static readonly LimitRule Sliding = LimitRule.Sliding(Limit(), Minute);
    private static readonly LimitRule Tokens = LimitRule.TokenBucket(Limit(), Minute, 50);

    [Fact]
    public void Each_threshold_is_told_once_in_a_window()
    {
        var alarm = new Alarm(Fixed, [50, 80, 100]);
        var told = Enumerable.Range(1, 20).Select(used => Step(alarm, Math.Max(0, 10 - used), used > 10, used));
        told.OfType<int>().ShouldBe([50, 80, 100]);
    }

    [Fact]
    public void A_new_window_arms_every_threshold_again()
    {
        var alarm = new Alarm(Fixed, [80, 100]);
        for (var window = 0; window < 3; window++)
        {
            Step(alarm, 2, false, window * Minute).ShouldBe(80);
            Step(alarm, 0, true, window * Minute + 1).ShouldBe(100);
            Step(alarm, 1, false, window * Minute + 2).ShouldBeNull();
        }
    }

    [Fact]
    public void Use_that_falls_within_a_window_tells_nothing_again()
    {
        var alarm = new Alarm(Fixed, [80]);
        Step(alarm, 2, false, 0).ShouldBe(80);
        Step(alarm, 9, false, 1).ShouldBeNull();
        Step(alarm, 1, false, 2).ShouldBeNull();
    }

    [Fact]
    public void Thresholds_that_are_crossed_together_are_told_as_the_highest()
    {
        var alarm = new Alarm(Fixed, [10, 50, 80]);
        Step(alarm, 1, false, 0).ShouldBe(80);
        Step(alarm, 1, false, 1).ShouldBeNull();
    }

    [Fact]
    public void A_late_word_of_a_window_that_is_over_tells_nothing()
    {
        var alarm = new Alarm(Fixed, [80]);
        Step(alarm, 2, false, Minute).ShouldBe(80);
        Step(alarm, 1, false, Minute - 1).ShouldBeNull();
        Step(alarm, 1, false, Minute + 1).ShouldBeNull();
    }

    [Fact]
    public void A_changed_number_moves_the_threshold_and_a_window_still_tells_it_once()
    {
        var alarm = new Alarm(Fixed, [80]);
        alarm.Step(100, 21, false, Start, out _).ShouldBeNull();
        alarm.IsQuiet(50, 21, false, Start + 1).ShouldBeFalse();
        alarm.Step(100, 20, false, Start + 2, out _).ShouldBe(80);
        alarm.Step(1_000, 900, false, Start + 3, out _).ShouldBeNull();
        alarm.Step(1_000, 200, false, Start + 4, out _).ShouldBeNull();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Without_windows_a_threshold_is_armed_again_when_the_use_falls_below_it(bool isSliding)
    {
        var alarm = new Alarm(isSliding ? Sliding : Tokens, [80]);
        Step(alarm, 2, false, 0).ShouldBe(80);
        Step(alarm, 1, false, 10 * Minute).ShouldBeNull("it never fell");
        Step(alarm, 3, false, 10 * Minute + 1).ShouldBeNull();
        Step(alarm, 2, false, 10 * Minute + 2).ShouldBe(80);
    }

    [Fact]
    public void Without_windows_a_threshold_is_told_at_most_once_in_a_window_s_length()
    {
        var alarm = new Alarm(Sliding, [80, 100]);
        Step(alarm, 2, false, 0).ShouldBe(80);
        Step(alarm, 0, true, 1).ShouldBe(100);
        Step(alarm, 5, false, 2).ShouldBeNull();
        Step(alarm, 1, false, Minute - 1).ShouldBeNull("told lately");
        Step(alarm, 0, true, Minute).ShouldBe(80, "reached still when that is over");
        Step(alarm, 0, true, Minute + 1).ShouldBe(100);
    }

    [Fact]
    public void A_quiet_alarm_has_nothing_to_tell()
    {
        var random = new Random(11);
        foreach (var rule in new[] { Fixed, Sliding, Tokens })
        {
            var (alarm, remaining, at, quiet) = (new Alarm(rule, [25, 50, 80, 100]), 100L, Start, 0);
            var model = new Alarm(rule, [25, 50, 80, 100]);
            for (var i = 0; i < 20_000; i++)
            {
                at += random.Next(0, 400);
                remaining = random.Next(50) == 0 ? random.Next(0, 101)
                    : Math.Clamp(remaining + random.Next(-2, 3), 0, 100);
                var denies = remaining == 0 && random.Next(2) == 0;
                // One is asked first whether it has anything to say, the other is stepped always.
                var expected = model.Step(100, remaining, denies, at, out _);
                if (alarm.IsQuiet(100, remaining, denies, at))
                {
                    expected.ShouldBeNull($"{rule.Algorithm}, step {i}");
                    quiet++;
                }
                else
                {
                    alarm.Step(100, remaining, denies, at, out _).ShouldBe(expected, $"{rule.Algorithm}, step {i}");
                }
            }
            quiet.ShouldBeGreaterThan(10_000);
        }
    }

    [Fact]
    public void In_a_random_run_no_threshold_is_told_twice_in_a_window_and_none_that_is_reached_goes_untold()
    {
        var random = new Random(7);
        var alarm = new Alarm(Fixed, [50, 80, 100]);
        for (var window = 0; window < 500; window++)
        {
            var told = new List<int>();
            var (remaining, reached) = (10L, new SortedSet<int>());
            for (var at = 0; at < 30; at++)
            {
                remaining = Math.Max(0, remaining - random.Next(0, 2));
                var denies = remaining == 0 && random.Next(2) == 0;
                if (remaining <= 5) reached.Add(50);
                if (remaining <= 2) reached.Add(80);
                if (denies) reached.Add(100);
                if (Step(alarm, remaining, denies, (window * Minute) + at) is { } one) told.Add(one);
            }
            told.ShouldBe(reached);
        }
    }

    [Fact]
    public void It_is_at_rest_once_another_would_do_the_same()
    {
        var fixedOne = new Alarm(Fixed, [80]);
        Step(fixedOne, 2, false, 0);
        fixedOne.IsAtRest(Start + (Minute - 1)).ShouldBeFalse();
        fixedOne.IsAtRest(Start + Minute).ShouldBeTrue();
        var sliding = new Alarm(Sliding, [80]);
        Step(sliding, 2, false, 0);
        sliding.IsQuiet(10, 1, false, Start + 5 * Minute).ShouldBeTrue();
        sliding.IsAtRest(Start + (6 * Minute - 1)).ShouldBeFalse("it may be reached still");
        sliding.IsAtRest(Start + 6 * Minute).ShouldBeTrue("nobody came for a window");
        var tokens = new Alarm(Tokens, [80]);
        Step(tokens, 2, false, 0);
        tokens.IsAtRest(Start + (2 * Minute - 1)).ShouldBeFalse("at half a capacity a minute it takes two to fill");
        tokens.IsAtRest(Start + 2 * Minute).ShouldBeTrue();
    }

    [Fact]
    public void What_has_no_windows_is_told_in_stretches_that_all_edges_find()
    {
        var window = AlarmWindow.Of(Sliding, Start + 61_234);
        (window.Start, window.LengthMs).ShouldBe((Start + Minute, Minute));
        AlarmWindow.Of(LimitRule.Calendar(Limit(), CalendarPeriod.Month), Start + 5).End
            .ShouldBe(Start + 31L * 24 * 60 * Minute);
    }

    private static int? Step(Alarm alarm, long remaining, bool denies, long at) =>
        alarm.Step(10, remaining, denies, Start + at, out _);

    private static LimitId Limit()
    {
        LimitId.TryParse("minute", out var id).ShouldBeTrue();
        return id;
    }
}
