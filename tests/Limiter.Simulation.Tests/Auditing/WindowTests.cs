using Limiter.Domain.Policies;
using Limiter.Simulation.Auditing;

namespace Limiter.Simulation.Tests.Auditing;

public sealed class WindowTests
{
    private const long Hour = 3_600_000;
    private const long Day = 24 * Hour;

    private static World Minute => new(LimitRule.Fixed(World.Name, 60_000), 10);

    [Fact]
    public void A_window_may_be_used_up_at_its_end_and_the_next_at_its_start() =>
        Minute.Admit(59_999, 10).Admit(60_000, 10).ShouldBeClean();

    [Fact]
    public void One_token_more_in_a_window_is_caught() =>
        Minute.Admit(0, 1).Admit(59_999, 10).ShouldBeCaught(FindingKind.OverLimit).Sentence.ShouldBe(
            "t:: calls: 11 admitted from 2026-03-01T00:00:00.000Z up to 2026-03-01T00:00:59.999Z, 10 allowed; "
            + "spent at 2026-03-01T00:00:00.000Z 1 (edge 1), 2026-03-01T00:00:59.999Z 10 (edge 1).");

    [Fact]
    public void A_millisecond_that_moves_a_spending_into_a_full_window_is_caught() =>
        Minute.Admit(59_999, 1).Admit(60_000, 10).Admit(59_999, 10).ShouldBeCaught(FindingKind.OverLimit);

    [Fact]
    public void Admissions_that_come_out_of_order_are_judged_in_their_windows() =>
        Minute.Admit(60_000, 10).Admit(1, 5).Admit(0, 5).ShouldBeClean();

    [Fact]
    public void A_window_over_its_limit_is_one_finding() =>
        Minute.Admit(0, 11).Admit(1, 1).Admit(2, 1).ShouldBeCaught(FindingKind.OverLimit);

    [Theory]
    [InlineData(CalendarPeriod.Hour, Hour)]
    [InlineData(CalendarPeriod.Day, Day)]
    [InlineData(CalendarPeriod.Month, 31 * Day)]
    public void A_calendar_period_ends_where_the_calendar_says(CalendarPeriod period, long length)
    {
        World Quota() => new(LimitRule.Calendar(World.Name, period), 10);
        Quota().Admit(0, 10).Admit(length, 10).ShouldBeClean();
        Quota().Admit(0, 10).Admit(length - 1, 1).ShouldBeCaught(FindingKind.OverLimit);
    }

    [Fact]
    public void An_unlimited_window_has_no_end_of_tokens() =>
        new World(LimitRule.Fixed(World.Name, 60_000), Schedule.Unlimited).Admit(0, 1_000_000_000).ShouldBeClean();

    [Fact]
    public void What_a_correction_took_back_may_be_admitted_again()
    {
        Minute.Admit(0, 10).Correct(0, 5_000, -4).Admit(6_000, 4).ShouldBeClean();
        Minute.Admit(0, 10).Correct(0, 5_000, -4).Admit(6_000, 5).ShouldBeCaught(FindingKind.OverLimit);
    }
}
