using Limiter.Domain.Policies;
using Limiter.Simulation.Auditing;

namespace Limiter.Simulation.Tests.Auditing;

public sealed class ChangedNumberTests
{
    private static readonly Allowance Known = new(LeaseLifetimeMs: 30_000, KnownWithinMs: 5_000, ClockErrorMs: 1_000);

    public static TheoryData<string> Algorithms => ["fixed", "sliding", "token bucket"];

    [Theory]
    [MemberData(nameof(Algorithms))]
    public void A_lease_may_be_spent_under_the_number_it_was_granted_under(string algorithm) =>
        Hour(algorithm).Change(60_000, 10).Admit(95_999, 100).ShouldBeClean();

    [Theory]
    [MemberData(nameof(Algorithms))]
    public void A_millisecond_after_every_such_lease_has_ended_is_caught(string algorithm) =>
        Hour(algorithm).Change(60_000, 10).Admit(96_000, 11).ShouldBeCaught(FindingKind.OverLimit);

    [Theory]
    [MemberData(nameof(Algorithms))]
    public void What_was_used_before_a_lowering_still_counts(string algorithm)
    {
        Hour(algorithm).Admit(0, 50).Change(60_000, 10).ShouldBeClean();
        Hour(algorithm).Admit(0, 50).Change(60_000, 10).Admit(97_000, 1).ShouldBeCaught(FindingKind.OverLimit);
    }

    [Theory]
    [MemberData(nameof(Algorithms))]
    public void A_raised_number_counts_from_when_a_clock_can_show_it(string algorithm)
    {
        Hour(algorithm).Change(60_000, 200).Admit(59_000, 200).ShouldBeClean();
        Hour(algorithm).Change(60_000, 200).Admit(58_999, 200).ShouldBeCaught(FindingKind.OverLimit);
    }

    [Theory]
    [MemberData(nameof(Algorithms))]
    public void A_number_that_comes_after_a_stretch_without_one_counts_again(string algorithm)
    {
        World Opened() => Hour(algorithm).Change(0, Schedule.Unlimited).Admit(1_000, 500).Change(60_000, 600);
        Opened().Admit(97_000, 100).ShouldBeClean();
        Opened().Admit(97_000, 601).ShouldBeCaught(FindingKind.OverLimit);
    }

    // A token bucket refills less than a token within the test.
    private static World Hour(string algorithm) => new(
        algorithm switch
        {
            "fixed" => LimitRule.Fixed(World.Name, 3_600_000),
            "sliding" => LimitRule.Sliding(World.Name, 3_600_000),
            _ => LimitRule.TokenBucket(World.Name, 86_400_000, 1),
        },
        100,
        Known);
}
