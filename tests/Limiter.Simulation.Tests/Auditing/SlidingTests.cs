using Limiter.Domain.Policies;
using Limiter.Simulation.Auditing;

namespace Limiter.Simulation.Tests.Auditing;

public sealed class SlidingTests
{
    private static World Minute => new(LimitRule.Sliding(World.Name, 60_000), 10);

    [Fact]
    public void Spendings_a_window_apart_are_in_no_interval_together() =>
        Minute.Admit(0, 10).Admit(60_000, 10).Admit(120_000, 10).ShouldBeClean();

    [Fact]
    public void Spendings_a_millisecond_less_apart_are_caught() =>
        Minute.Admit(0, 10).Admit(59_999, 1).ShouldBeCaught(FindingKind.OverLimit);

    [Fact]
    public void One_token_more_in_the_middle_of_two_full_stretches_is_caught()
    {
        Minute.Admit(0, 5).Admit(30_000, 5).Admit(60_000, 5).Admit(90_000, 5).ShouldBeClean();
        Minute.Admit(0, 5).Admit(30_000, 6).Admit(60_000, 5).ShouldBeCaught(FindingKind.OverLimit);
    }

    [Fact]
    public void A_stretch_over_the_limit_is_one_finding() =>
        Minute.Admit(0, 10).Admit(1, 1).Admit(2, 1).Admit(60_000, 1).ShouldBeCaught(FindingKind.OverLimit);

    [Fact]
    public void What_a_correction_took_back_may_be_admitted_again()
    {
        Minute.Admit(0, 10).Correct(0, 5_000, -4).Admit(6_000, 4).ShouldBeClean();
        Minute.Admit(0, 10).Correct(0, 5_000, -4).Admit(6_000, 5).ShouldBeCaught(FindingKind.OverLimit);
    }
}
