using Limiter.Domain.Policies;
using Limiter.Simulation.Auditing;

namespace Limiter.Simulation.Tests.Auditing;

public sealed class TokenBucketTests
{
    // Capacity 10, one token in 6 s.
    private static World Bucket => new(LimitRule.TokenBucket(World.Name, 60_000), 10);

    [Fact]
    public void A_full_bucket_and_its_refill_may_be_spent() =>
        Bucket.Admit(0, 10).Admit(6_000, 1).Admit(66_000, 10).ShouldBeClean();

    [Fact]
    public void A_millisecond_too_early_is_caught() =>
        Bucket.Admit(0, 10).Admit(5_999, 1).ShouldBeCaught(FindingKind.OverLimit).Sentence.ShouldStartWith(
            "t:: calls: 11 admitted from 2026-03-01T00:00:00.000Z to 2026-03-01T00:00:05.999Z by a capacity of 10, "
            + "10 allowed;");

    [Fact]
    public void A_token_too_many_is_caught() =>
        Bucket.Admit(0, 4).Admit(3_000, 3).Admit(6_000, 5).ShouldBeCaught(FindingKind.OverLimit);

    [Fact]
    public void A_bucket_that_was_full_saved_nothing_up() =>
        Bucket.Admit(0, 1).Admit(600_000, 11).ShouldBeCaught(FindingKind.OverLimit);

    [Fact]
    public void A_refill_of_another_percentage_is_reckoned_exactly()
    {
        World Slow() => new(LimitRule.TokenBucket(World.Name, 60_000, 33), 10);
        Slow().Admit(0, 10).Admit(18_182, 1).ShouldBeClean();
        Slow().Admit(0, 10).Admit(18_181, 1).ShouldBeCaught(FindingKind.OverLimit);
    }

    [Fact]
    public void At_least_one_token_is_refilled_in_a_window()
    {
        World Slow() => new(LimitRule.TokenBucket(World.Name, 60_000, 1), 10);
        Slow().Admit(0, 10).Admit(60_000, 1).ShouldBeClean();
        Slow().Admit(0, 10).Admit(59_999, 1).ShouldBeCaught(FindingKind.OverLimit);
    }

    [Fact]
    public void A_correction_gives_back_what_was_not_refilled_meanwhile()
    {
        Bucket.Admit(0, 10).Correct(0, 1_000, -4).Admit(2_000, 4).ShouldBeClean();
        Bucket.Admit(0, 10).Correct(0, 1_000, -4).Admit(2_000, 5).ShouldBeCaught(FindingKind.OverLimit);
    }

    [Fact]
    public void A_correction_after_the_bucket_was_full_gives_nothing_back() =>
        Bucket.Admit(0, 10).Admit(60_000, 10).Correct(0, 61_000, -10).Admit(61_000, 10)
            .ShouldBeCaught(FindingKind.OverLimit);

    [Fact]
    public void A_spending_that_can_have_been_earlier_began_its_refill_as_early()
    {
        World Vague(long vagueMs)
        {
            var world = Bucket;
            world.Limit.Grant(World.Edge, 11);
            world.Spend(2_000, 10, vagueMs);
            return world.Spend(7_000, 1, 0);
        }

        Vague(1_000).ShouldBeClean();
        Vague(999).ShouldBeCaught(FindingKind.OverLimit);
    }

    [Fact]
    public void Clocks_that_disagree_may_have_dated_the_ends_of_an_interval()
    {
        World Apart(long errorMs) =>
            new World(LimitRule.TokenBucket(World.Name, 60_000), 10, new Allowance(ClockErrorMs: errorMs))
                .Admit(0, 10).Admit(5_000, 1);
        Apart(500).ShouldBeClean();
        Apart(499).ShouldBeCaught(FindingKind.OverLimit);
    }
}
