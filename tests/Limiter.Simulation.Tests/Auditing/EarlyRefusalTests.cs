using Limiter.Domain;
using Limiter.Domain.Decisions;
using Limiter.Domain.Policies;
using Limiter.Simulation.Auditing;

namespace Limiter.Simulation.Tests.Auditing;

public sealed class EarlyRefusalTests
{
    public static TheoryData<string> Algorithms => ["fixed", "sliding", "token bucket"];

    [Theory]
    [MemberData(nameof(Algorithms))]
    public void A_denial_of_what_a_limit_has_left_is_early(string algorithm)
    {
        var world = Minute(algorithm).Admit(0, 9).Deny(1, 2).Deny(2, 1);
        world.Auditor.Refusals.ShouldBe(new RefusalCount(3, 2, 1, 1, 0, 10));
        world.Auditor.Refusals.EarlyShare.ShouldBe(0.1);
    }

    [Theory]
    [MemberData(nameof(Algorithms))]
    public void Room_that_is_refused_again_and_again_counts_once(string algorithm) =>
        Minute(algorithm).Admit(0, 9).Deny(1, 1).Deny(2, 1).Deny(3, 1)
            .Auditor.Refusals.ShouldBe(new RefusalCount(4, 3, 1, 1, 0, 10));

    [Theory]
    [MemberData(nameof(Algorithms))]
    public void An_admission_that_comes_after_all_makes_up_for_it(string algorithm)
    {
        var refusals = Minute(algorithm).Admit(0, 9).Deny(1, 1).Admit(2, 1).Auditor.Refusals;
        refusals.ShouldBe(new RefusalCount(3, 1, 1, 1, 1, 10));
        refusals.LostShare.ShouldBe(0);
    }

    [Theory]
    [MemberData(nameof(Algorithms))]
    public void Admissions_beyond_that_make_up_for_nothing(string algorithm) =>
        Minute(algorithm).Admit(0, 9).Deny(1, 1).Degrade(2, 3).Degrade(3, 3)
            .Auditor.Refusals.ShouldBe(new RefusalCount(4, 1, 1, 1, 1, 10));

    [Theory]
    [MemberData(nameof(Algorithms))]
    public void What_finds_part_of_its_room_takes_it_and_makes_up_for_no_more_than_the_rest(string algorithm)
    {
        var world = Minute(algorithm).Admit(0, 3).Deny(1, 5).Admit(2, 4);
        world.Auditor.Refusals.ShouldBe(new RefusalCount(3, 1, 1, 5, 2, 10));
        world.Deny(3, 1).Auditor.Refusals.Early.ShouldBe(1);
    }

    [Theory]
    [InlineData("fixed", 15, 0, 6)]
    [InlineData("sliding", 10, 5, 6)]
    [InlineData("token bucket", 10, 8, 3)]
    public void A_denial_is_for_charges_where_one_that_is_charged_for_an_outage_lacks_room_too(
        string algorithm, long first, long second, long denied)
    {
        World After() => Minute(algorithm).Degrade(0, first).Degrade(30_000, second);
        Tokens(After().Deny(60_000, denied)).ShouldBe((denied, denied, 0));
        Tokens(After().Deny(60_000, denied - 1)).ShouldBe((denied - 1, 0, 0));
    }

    [Fact]
    public void What_a_window_was_charged_beyond_its_number_is_worked_off_by_the_next_ones()
    {
        World After() => Minute("fixed").Degrade(0, 35);
        Tokens(After().Deny(120_000, 1)).ShouldBe((1, 1, 0));
        Tokens(After().Deny(180_000, 5)).ShouldBe((5, 0, 0), "five of the 35 are left in the fourth");
        Tokens(After().Deny(180_000, 6)).ShouldBe((6, 6, 0));
        Tokens(After().Deny(240_000, 10)).ShouldBe((10, 0, 0));
    }

    [Fact]
    public void What_comes_back_of_a_windows_charges_is_not_the_next_ones_to_work_off()
    {
        World After(long back) => Minute("fixed").Correct(0, 1, 15).Correct(0, 2, -back);
        Tokens(After(15).Deny(60_000, 6)).ShouldBe((6, 0, 0));
        Tokens(After(4).Deny(60_000, 9)).ShouldBe((9, 0, 0));
        Tokens(After(4).Deny(60_000, 10)).ShouldBe((10, 10, 0), "one token is still owed");
    }

    [Fact]
    public void What_comes_back_late_is_not_owed_by_the_window_that_began_with_it()
    {
        World After(long back) => Minute("fixed").Correct(0, 1, 25).Deny(60_000, 11).Correct(0, 60_001, -back);
        Tokens(After(25).Deny(60_002, 10)).ShouldBe((10, 0, 0));
        Tokens(After(14).Deny(60_002, 9)).ShouldBe((9, 0, 0));
        Tokens(After(14).Deny(60_002, 10)).ShouldBe((10, 10, 0), "one token is still owed");
        Tokens(After(4).Deny(120_000, 9)).ShouldBe((9, 0, 0));
        Tokens(After(4).Deny(120_000, 10)).ShouldBe((10, 10, 0), "the third window begins with one");
    }

    [Fact]
    public void What_comes_back_of_the_window_before_the_last_changes_nothing() =>
        Tokens(Minute("fixed").Correct(0, 1, 25).Deny(120_000, 11).Correct(0, 120_001, -25).Deny(120_002, 6))
            .ShouldBe((6, 6, 0));

    [Fact]
    public void A_denial_by_a_policys_share_is_told_apart()
    {
        var world = Minute("fixed").Degrade(0, 3).Deny(1, 2, isDegraded: true).Deny(2, 5);
        Tokens(world).ShouldBe((7, 0, 2));
        world.Auditor.Refusals.StrandedShare.ShouldBe(0.5);
    }

    [Fact]
    public void A_token_bucket_that_gives_a_whole_token_has_no_part_of_it_left()
    {
        // Refilled to half a token for the ideal limiter, to a whole one for the real one.
        var world = Minute("token bucket").Admit(0, 9).Deny(1, 1).Admit(3_000, 1);
        world.Deny(6_000, 1).Auditor.Refusals.Early.ShouldBe(1);
        world.Deny(9_000, 1).Auditor.Refusals.Early.ShouldBe(2);
    }

    [Theory]
    [InlineData(59_999, 60_001, 0)]
    [InlineData(60_000, 60_001, 1)]
    public void A_denial_is_early_only_if_there_was_room_when_it_came(long arrived, long decided, long early) =>
        Minute("fixed").Admit(0, 10).Deny(arrived, decided, 1).Auditor.Refusals.Early.ShouldBe(early);

    [Fact]
    public void The_ideal_limiter_takes_requests_in_the_order_of_their_decisions()
    {
        var allowance = new Allowance(ToldWithinMs: 10);
        var world = new World(LimitRule.Fixed(World.Name, 60_000), 10, allowance);
        world.Admit(0, 9).Deny(15, 1).Admit(10, 1).Auditor.Refusals.ShouldBe(new RefusalCount(3, 1, 0, 0, 0, 10));
    }

    [Theory]
    [InlineData("fixed", 60_000)]
    [InlineData("sliding", 60_000)]
    [InlineData("token bucket", 6_000)]
    public void A_denial_is_early_from_the_millisecond_at_which_tokens_are_free(string algorithm, long ms)
    {
        Minute(algorithm).Admit(0, 10).Deny(ms - 1, 1).Auditor.Refusals.Early.ShouldBe(0);
        Minute(algorithm).Admit(0, 10).Deny(ms, 1).Auditor.Refusals.Early.ShouldBe(1);
    }

    [Theory]
    [InlineData(true, 60_999, 0)]
    [InlineData(true, 61_000, 1)]
    [InlineData(false, 60_499, 0)]
    [InlineData(false, 60_500, 1)]
    public void What_slots_cost_is_early_only_for_an_ideal_without_slots(bool countsSlots, long ms, long early)
    {
        var allowance = new Allowance(IdealCountsSlots: countsSlots);
        var world = new World(LimitRule.Sliding(World.Name, 60_000), 10, allowance).Admit(500, 10).Deny(ms, 1);
        world.Auditor.Refusals.Early.ShouldBe(early);
    }

    [Theory]
    [MemberData(nameof(Algorithms))]
    public void A_correction_moves_what_the_ideal_limiter_has_left(string algorithm)
    {
        Minute(algorithm).Admit(0, 10).Correct(0, 1, -4).Deny(2, 4).Auditor.Refusals.Early.ShouldBe(1);
        Minute(algorithm).Admit(0, 10).Correct(0, 1, -4).Deny(2, 5).Auditor.Refusals.Early.ShouldBe(0);
        Minute(algorithm).Admit(0, 5).Correct(0, 1, 4).Deny(2, 2).Auditor.Refusals.Early.ShouldBe(0);
    }

    [Fact]
    public void A_token_bucket_that_was_full_since_gives_nothing_back() =>
        Minute("token bucket").Admit(0, 10).Admit(60_000, 10).Correct(0, 60_001, -10).Deny(60_002, 1)
            .Auditor.Refusals.Early.ShouldBe(0);

    [Fact]
    public void A_request_is_early_only_if_each_of_its_limits_has_room()
    {
        var world = Minute("fixed").Admit(0, 5);
        var other = world.Auditor.Open(world.Limit.Bucket, LimitRule.Sliding(World.Name, 60_000), 4);
        world.Auditor.Deny(World.At(1), World.At(1), 5, [world.Limit, other]);
        world.Auditor.Refusals.Early.ShouldBe(0);
        world.Auditor.Deny(World.At(1), World.At(1), 4, [world.Limit, other]);
        world.Auditor.Refusals.Early.ShouldBe(1);
    }

    [Theory]
    [MemberData(nameof(Algorithms))]
    public void The_ideal_limiter_knows_a_changed_number_at_once(string algorithm)
    {
        Minute(algorithm).Admit(0, 10).Change(1_000, 12).Deny(999, 1).Auditor.Refusals.Early.ShouldBe(0);
        Minute(algorithm).Admit(0, 10).Change(1_000, 12).Deny(1_000, 2).Auditor.Refusals.Early.ShouldBe(1);
    }

    private static World Minute(string algorithm) => new(
        algorithm switch
        {
            "fixed" => LimitRule.Fixed(World.Name, 60_000),
            "sliding" => LimitRule.Sliding(World.Name, 60_000),
            _ => LimitRule.TokenBucket(World.Name, 60_000),
        },
        10);

    private static (long Early, long ForCharges, long ByShare) Tokens(World world)
    {
        var refusals = world.Auditor.Refusals;
        return (refusals.EarlyTokens, refusals.ChargeTokens, refusals.ShareTokens);
    }
}
