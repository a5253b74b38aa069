using Limiter.Domain.Policies;
using Limiter.Simulation.Auditing;

namespace Limiter.Simulation.Tests.Auditing;

public sealed class RemainderTests
{
    private static World Fixed => new(LimitRule.Fixed(World.Name, 60_000), 10);

    private static World Sliding => new(LimitRule.Sliding(World.Name, 60_000), 10);

    private static World Bucket => new(LimitRule.TokenBucket(World.Name, 60_000), 10);

    [Fact]
    public void A_window_has_left_what_was_not_admitted_in_it()
    {
        Left(Fixed.Admit(0, 3), 59_999, 7).ShouldBeClean();
        Left(Fixed.Admit(0, 3), 59_999, 6).ShouldBeCaught(FindingKind.NotBack).Sentence.ShouldBe(
            "t:: calls: 6 left at 2026-03-01T00:00:59.999Z, at least 7 should be.");
        Left(Fixed.Admit(0, 3), 60_000, 9).ShouldBeCaught(FindingKind.NotBack);
    }

    [Fact]
    public void A_sliding_window_has_it_back_a_window_after_the_slot()
    {
        Left(Sliding.Admit(500, 3), 60_999, 7).ShouldBeClean();
        Left(Sliding.Admit(500, 3), 61_000, 9).ShouldBeCaught(FindingKind.NotBack);
    }

    [Fact]
    public void Times_of_spending_may_have_been_rounded_up_in_reports()
    {
        Left(Sliding.Admit(500, 3), 62_499, 7, lateMs: 2_000).ShouldBeClean();
        Left(Sliding.Admit(500, 3), 63_000, 7, lateMs: 2_000).ShouldBeCaught(FindingKind.NotBack);
    }

    [Fact]
    public void A_token_bucket_has_back_what_was_refilled()
    {
        Left(Bucket.Admit(0, 10), 5_999, 0).ShouldBeClean();
        Left(Bucket.Admit(0, 10), 6_000, 0).ShouldBeCaught(FindingKind.NotBack);
    }

    [Fact]
    public void A_token_bucket_may_have_forgotten_that_it_was_full()
    {
        Left(Bucket.Admit(0, 1), 6_000, 1).ShouldBeClean();
        Left(Bucket.Admit(0, 1), 12_000, 1).ShouldBeCaught(FindingKind.NotBack);
        Left(Bucket.Admit(0, 1), 60_000, 9).ShouldBeCaught(FindingKind.NotBack);
        Left(Bucket, 0, 9).ShouldBeCaught(FindingKind.NotBack);
    }

    [Fact]
    public void A_token_bucket_is_refilled_by_the_least_number_in_force()
    {
        Left(Bucket.Admit(0, 10).Change(1_000, 5).Change(2_000, 10), 6_000, 0).ShouldBeClean();
        Left(Bucket.Admit(0, 10).Change(1_000, 5).Change(2_000, 10), 12_000, 0).ShouldBeCaught(FindingKind.NotBack);
    }

    [Fact]
    public void Tokens_lost_with_their_edge_count_as_spent_at_the_expiry_of_their_lease()
    {
        World Lost()
        {
            var world = Sliding;
            world.Limit.Lose(World.Edge, World.At(30_000), 4);
            return world;
        }

        Left(Lost(), 89_999, 6).ShouldBeClean();
        Left(Lost(), 89_999, 5).ShouldBeCaught(FindingKind.NotBack);
        Left(Lost(), 90_000, 9).ShouldBeCaught(FindingKind.NotBack);
    }

    [Fact]
    public void What_was_charged_beyond_a_window_is_worked_off_by_those_without_traffic()
    {
        Left(Fixed.Correct(0, 0, 25), 60_000, -15).ShouldBeClean();
        Left(Fixed.Correct(0, 0, 25), 120_000, -5).ShouldBeClean();
        Left(Fixed.Correct(0, 0, 25), 180_000, 5).ShouldBeClean();
        Left(Fixed.Correct(0, 0, 25), 180_000, 4).ShouldBeCaught(FindingKind.NotBack);
        Left(Fixed.Correct(0, 0, 25), 240_000, 9).ShouldBeCaught(FindingKind.NotBack);
    }

    [Fact]
    public void It_is_worked_off_by_the_least_number_since_as_a_bucket_that_nobody_asks_hears_of_no_other()
    {
        Left(Fixed.Correct(0, 0, 25).Change(1_000, 20), 180_000, 15).ShouldBeClean();
        Left(Fixed.Correct(0, 0, 25).Change(1_000, 20), 180_000, 14).ShouldBeCaught(FindingKind.NotBack);
        Left(Fixed.Change(-1_000, 20).Correct(0, 0, 25), 180_000, 20).ShouldBeClean();
        Left(Fixed.Change(-1_000, 20).Correct(0, 0, 25), 180_000, 19).ShouldBeCaught(FindingKind.NotBack);
    }

    [Fact]
    public void Of_an_unlimited_limit_nothing_can_be_missing() =>
        Left(new World(LimitRule.Fixed(World.Name, 60_000), Schedule.Unlimited).Admit(0, 3), 1, 0).ShouldBeClean();

    private static World Left(World world, long ms, long left, long lateMs = 0)
    {
        world.Auditor.Left(world.Limit, World.At(ms), left, lateMs);
        return world;
    }
}
