using Limiter.Domain.Policies;
using Limiter.Simulation.Auditing;

namespace Limiter.Simulation.Tests.Auditing;

/// <summary>Charges for what was admitted without a bucket count from when it was admitted.</summary>
public sealed class OwedTests
{
    private static World Fixed => new(LimitRule.Fixed(World.Name, 60_000), 10);

    private static World Sliding => new(LimitRule.Sliding(World.Name, 60_000), 10);

    private static World Bucket => new(LimitRule.TokenBucket(World.Name, 60_000), 10);

    [Fact]
    public void A_window_that_is_over_is_charged_for_what_was_admitted_in_it()
    {
        Fixed.Degrade(59_000, 5).Recover(59_000, 61_000, 5).Admit(95_000, 10).ShouldBeClean();
        Fixed.Degrade(59_000, 5).Recover(60_000, 61_000, 5).Admit(95_000, 6)
            .ShouldBeCaught(FindingKind.OverAfterCharge);
    }

    [Fact]
    public void What_that_window_had_no_room_for_counts_in_the_one_in_which_the_bucket_heard_of_it()
    {
        World Late() => Fixed.Admit(1_000, 8).Degrade(59_000, 5).Recover(59_000, 61_000, 5);
        Late().Admit(91_000, 7).Admit(120_000, 10).ShouldBeClean();
        Late().Admit(90_999, 10).ShouldBeClean();
        Late().Admit(91_000, 8).ShouldBeCaught(FindingKind.OverAfterCharge)
            .Sentence.ShouldContain("8 admitted and 3 charged");
    }

    [Fact]
    public void What_two_windows_have_no_room_for_counts_in_the_next()
    {
        World Late() => Fixed.Admit(1_000, 8).Degrade(59_000, 15).Recover(59_000, 61_000, 15);
        Late().Admit(120_000, 7).ShouldBeClean();
        Late().Admit(120_000, 8).ShouldBeCaught(FindingKind.OverAfterCharge);
    }

    [Fact]
    public void A_sliding_window_counts_it_from_then()
    {
        World Late() => Sliding.Degrade(10_000, 5).Recover(10_000, 30_000, 5);
        Late().Admit(60_000, 5).ShouldBeClean();
        Late().Admit(69_999, 6).ShouldBeCaught(FindingKind.OverAfterCharge);
        Late().Admit(70_000, 10).ShouldBeClean();
    }

    [Fact]
    public void A_token_bucket_has_refilled_it_since_then()
    {
        World Late() => Bucket.Degrade(0, 10).Recover(0, 10_000, 10);
        Late().Admit(60_000, 10).ShouldBeClean();
        Late().Admit(59_999, 10).ShouldBeCaught(FindingKind.OverAfterCharge);
    }

    [Fact]
    public void A_token_bucket_binds_once_the_leases_are_over_that_were_out_when_it_heard_of_it()
    {
        Bucket.Degrade(0, 10).Recover(0, 10_000, 10).Admit(39_999, 10).ShouldBeClean();
        Bucket.Degrade(0, 10).Recover(0, 10_000, 10).Admit(40_000, 7).ShouldBeCaught(FindingKind.OverAfterCharge);
    }

    [Fact]
    public void What_nobody_has_heard_of_yet_hides_nothing_from_what_was_heard_at_once()
    {
        World Told(long tokens) => Bucket.Correct(0, 0, 10).Degrade(31_000, 1).Admit(40_000, tokens)
            .Recover(31_000, 600_000, 1);
        Told(6).ShouldBeClean();
        Told(7).ShouldBeCaught(FindingKind.OverAfterCharge).Sentence.ShouldContain("7 admitted and 10 charged");
    }

    [Fact]
    public void What_is_heard_at_once_binds_as_late_as_if_it_were_alone()
    {
        World Told(long ms) => Bucket.Correct(0, 0, 10).Degrade(20_000, 1).Admit(ms, 6).Recover(20_000, 600_000, 1);
        Told(29_999).ShouldBeClean();
        Told(30_000).ShouldBeCaught(FindingKind.OverAfterCharge);
    }

    [Fact]
    public void What_is_told_later_than_ten_minutes_counts_from_ten_minutes_ago()
    {
        World Late() => new World(LimitRule.Sliding(World.Name, 3_600_000), 10).Degrade(0, 5).Recover(0, 700_000, 5);
        Late().Admit(3_699_999, 6).ShouldBeCaught(FindingKind.OverAfterCharge);
        Late().Admit(3_700_000, 10).ShouldBeClean();
    }

    [Fact]
    public void What_is_charged_to_a_time_before_it_was_admitted_is_caught()
    {
        Fixed.Degrade(5_000, 3).Degrade(6_000, 2).Recover(5_000, 8_000, 3).Recover(6_000, 8_000, 2).ShouldBeClean();
        Fixed.Degrade(5_000, 3).Degrade(6_000, 2).Recover(5_999, 8_000, 5).ShouldBeCaught(FindingKind.WrongTime);
    }
}
