using Limiter.Domain.Policies;
using Limiter.Simulation.Auditing;

namespace Limiter.Simulation.Tests.Auditing;

public sealed class ChargeTests
{
    private static World Minute => new(LimitRule.Fixed(World.Name, 60_000), 10);

    [Fact]
    public void Degraded_admissions_may_go_above_the_limit_and_are_counted_apart()
    {
        var world = Minute.Admit(0, 10).Degrade(1, 5).Recover(2, 5);
        world.Auditor.Conclude().DegradedTokens.ShouldBe(5);
        world.ShouldBeClean();
    }

    [Fact]
    public void What_was_admitted_degraded_and_is_not_charged_is_caught() =>
        Minute.Degrade(0, 5).Recover(1, 4).ShouldBeCaught(FindingKind.OwedNotCharged);

    [Fact]
    public void What_is_charged_twice_is_caught() =>
        Minute.Degrade(0, 5).Recover(1, 5).Recover(2, 1).ShouldBeCaught(FindingKind.OwedOvercharged);

    [Fact]
    public void What_an_edge_owed_is_lost_with_it()
    {
        var world = Minute.Degrade(0, 5);
        world.Auditor.Gone(World.Edge);
        world.ShouldBeClean();
    }

    [Fact]
    public void A_charge_binds_once_the_leases_before_it_are_over()
    {
        Minute.Degrade(0, 5).Recover(1_000, 5).Admit(30_999, 10).ShouldBeClean();
        Minute.Degrade(0, 5).Recover(1_000, 5).Admit(31_000, 5).ShouldBeClean();
        Minute.Degrade(0, 5).Recover(1_000, 5).Admit(31_000, 6).ShouldBeCaught(FindingKind.OverAfterCharge)
            .Sentence.ShouldContain("6 admitted and 5 charged");
    }

    [Fact]
    public void A_sliding_window_and_a_token_bucket_count_charges_alike()
    {
        World Sliding() => new(LimitRule.Sliding(World.Name, 60_000), 10);
        World Bucket() => new(LimitRule.TokenBucket(World.Name, 60_000), 10);
        Sliding().Correct(0, 1_000, 5).Admit(31_000, 5).Admit(61_000, 5).ShouldBeClean();
        Sliding().Correct(0, 1_000, 5).Admit(31_000, 5).Admit(60_999, 1).ShouldBeCaught(FindingKind.OverAfterCharge);
        Bucket().Correct(0, 1_000, 10).Admit(31_000, 5).ShouldBeClean();
        Bucket().Correct(0, 1_000, 10).Admit(31_000, 6).ShouldBeCaught(FindingKind.OverAfterCharge);
    }

    [Fact]
    public void What_was_charged_beyond_a_window_is_carried_on_until_it_is_worked_off()
    {
        Minute.Correct(0, 1_000, 25).Admit(120_000, 5).Admit(180_000, 10).ShouldBeClean();
        Minute.Correct(0, 1_000, 25).Admit(60_000, 1).ShouldBeCaught(FindingKind.OverAfterCharge);
        Minute.Correct(0, 1_000, 25).Admit(120_000, 6).ShouldBeCaught(FindingKind.OverAfterCharge);
    }

    [Fact]
    public void What_an_admission_filled_of_a_window_is_not_carried_on() =>
        Minute.Admit(0, 10).Correct(0, 59_999, 1).Admit(60_000, 9).Admit(120_000, 10).ShouldBeClean();
}
