using Limiter.Domain.Buckets;
using Limiter.Domain.Escrow;
using Limiter.Domain.Policies;

namespace Limiter.Domain.Tests.Buckets;

/// <summary>What edges admitted while the bucket could not be reached, and told it afterwards.</summary>
public sealed class OwedTests
{
    [Fact]
    public void A_window_that_is_over_pays_for_what_was_admitted_in_it()
    {
        var terms = Make.Terms(Make.Fixed(), 100);

        var state = Told(null, terms, Make.At(70), new Spend(Make.At(50), 60), new Spend(Make.At(65), 7));

        Make.FreeAt(state, terms, Make.At(70)).ShouldBe(93);
    }

    [Fact]
    public void What_was_beyond_the_number_of_a_window_that_is_over_counts_in_this_one()
    {
        var terms = Make.Terms(Make.Fixed(), 100);
        var (_, state) = Bucket.Reserve(null, Make.Ask(terms, 2, 1, 0, 0, Make.Want(30)), Make.At(10));

        state = Told(state, terms, Make.At(70), new Spend(Make.At(50), 180));

        Make.FreeAt(state, terms, Make.At(70)).ShouldBe(0, "30 and 180 are 110 beyond 100");
        Make.FreeAt(state, terms, Make.At(120)).ShouldBe(90, "of these this window has worked off 100");
    }

    [Fact]
    public void It_counts_on_top_of_what_the_window_before_worked_off_though_nobody_looked_then()
    {
        var terms = Make.Terms(Make.Fixed(), 10);
        var debt = new ChargeRequest(1, Make.At(0), 0, 25, [Make.Minute], terms);
        var (_, state) = Bucket.Charge(null, debt, Make.At(0));

        state = Told(state, terms, Make.At(130), new Spend(Make.At(100), 3));

        Make.FreeAt(state, terms, Make.At(130)).ShouldBe(2, "5 of the 25 are left, and 3 found their window full");
    }

    [Theory]
    [InlineData(100, 200, 150)]
    [InlineData(200, 100, 100)]
    public void The_window_pays_by_the_number_that_it_had(long before, long now, long left)
    {
        var (old, changed) = (Make.Terms(Make.Fixed(), before), Make.Terms(2, (Make.Fixed(), Schedule.Constant(now))));
        var (_, state) = Bucket.Reserve(null, Make.Ask(old, 2, 1, 0, 0, Make.Want(100)), Make.At(10));

        state = Told(BucketCodec.Decode(BucketCodec.Encode(state)), changed, Make.At(62), new Spend(Make.At(50), 50));

        Make.FreeAt(state, changed, Make.At(62)).ShouldBe(left);
    }

    [Fact]
    public void What_came_back_of_a_window_that_is_over_pays_for_it()
    {
        var terms = Make.Terms(Make.Fixed(), 100);
        var (first, state) = Bucket.Reserve(null, Make.Ask(terms, 2, 1, 0, 5_000, Make.Want(40)), Make.At(10));
        state = Told(state, terms, Make.At(70), new Spend(Make.At(50), 90));
        Make.FreeAt(state, terms, Make.At(70)).ShouldBe(70);

        var back = Make.Ask(terms, 2, 2, 1, 0) with { Reports = [Make.Report(first.Opened, [], returned: 40)] };
        (_, state) = Bucket.Reserve(state, back, Make.At(71));

        Make.FreeAt(state, terms, Make.At(71)).ShouldBe(100);
    }

    [Fact]
    public void A_slot_that_is_over_pays_for_what_was_admitted_in_it()
    {
        var terms = Make.Terms(Make.Sliding(), 100);

        var state = Told(null, terms, Make.At(30), new Spend(Make.At(-31), 20), new Spend(Make.At(10), 60));

        Make.FreeAt(state, terms, Make.At(30)).ShouldBe(40);
        Make.FreeAt(state, terms, Make.At(70)).ShouldBe(100);
    }

    [Fact]
    public void What_was_refilled_since_pays_for_what_was_admitted_by_a_token_bucket()
    {
        var terms = Make.Terms(Make.Token(), 60);
        var (_, state) = Bucket.Reserve(null, Make.Ask(terms, 2, 1, 0, 0, Make.Want(1)), Make.At(0));

        state = Told(state, terms, Make.At(30), new Spend(Make.At(10), 25), new Spend(Make.At(20), 5));

        Make.FreeAt(state, terms, Make.At(30)).ShouldBe(50);
    }

    [Theory]
    [InlineData(Algorithm.FixedWindow)]
    [InlineData(Algorithm.SlidingWindow)]
    [InlineData(Algorithm.TokenBucket)]
    public void Where_the_edge_cannot_say_when_it_was_when_it_is_told(Algorithm algorithm)
    {
        var terms = Make.Terms(RuleOf(algorithm, 60), 100);
        var (_, state) = Bucket.Reserve(null, Make.Ask(terms, 2, 1, 0, 0, Make.Want(1)), Make.At(-120));

        state = Told(state, terms, Make.At(70), new Spend(Instant.Never, 60));

        Make.FreeAt(state, terms, Make.At(70)).ShouldBe(40);
    }

    [Theory]
    [InlineData(Algorithm.FixedWindow, 3_590)]
    [InlineData(Algorithm.SlidingWindow, 600)]
    public void What_is_told_later_than_ten_minutes_was_admitted_ten_minutes_ago(Algorithm algorithm, double at)
    {
        var terms = Make.Terms(RuleOf(algorithm, 3_600), 100);
        var told = Make.At(4_260);

        var state = Told(null, terms, told, new Spend(Make.At(at), 60));

        Make.FreeAt(state, terms, told).ShouldBe(40);
    }

    [Fact]
    public void What_is_told_again_with_more_is_charged_for_the_rest_alone_and_in_its_time()
    {
        var terms = Make.Terms(Make.Fixed(), 100);
        Spend[] first = [new(Make.At(50), 60)];
        var (_, state) = Bucket.Reserve(null, Ask(terms, 1, first), Make.At(59));

        // The reply was lost.
        (_, state) = Bucket.Reserve(state, Ask(terms, 2, [.. first, new(Make.At(61), 9)]), Make.At(62));

        Make.FreeAt(state, terms, Make.At(62)).ShouldBe(91);
    }

    [Fact]
    public void A_day_has_what_was_admitted_on_it_when_that_is_told_within_ten_minutes()
    {
        var day = LimitRule.Calendar(LimitId.Day, CalendarPeriod.Day);
        var terms = Make.Terms(1, (day, Schedule.AlwaysUnlimited));
        var midnight = Make.At(24 * 60 * 60);
        Owed Owed(Instant at, long tokens) => new(LimitId.Day, [new Spend(at, tokens)]);

        var early = Make.Ask(terms, 1, 1, 0, 0) with { Owed = [Owed(midnight + -1, 5)] };
        var (_, state) = Bucket.Reserve(null, early, midnight + Lease.LateMsMax + -1);
        var late = Make.Ask(terms, 2, 1, 0, 0) with { Owed = [Owed(midnight + -1, 7)] };
        (_, state) = Bucket.Reserve(state, late, midnight + Lease.LateMsMax);

        Bucket.CloseDay(state, Make.Start, midnight + Lease.LateMsMax).ShouldBe(5);
        Bucket.CloseDay(state, midnight, midnight + (24 * 60 * 60 * 1000)).ShouldBe(7);
    }

    private static BucketState Told(BucketState? state, Terms terms, Instant now, params Spend[] spends) =>
        Bucket.Reserve(state, Ask(terms, 1, spends), now).Next;

    private static ReserveRequest Ask(Terms terms, long number, params Spend[] spends) =>
        Make.Ask(terms, 1, number, 0, 0) with { Owed = [new Owed(Make.Minute, [.. spends])] };

    private static LimitRule RuleOf(Algorithm algorithm, long seconds) => algorithm switch
    {
        Algorithm.SlidingWindow => Make.Sliding(seconds),
        Algorithm.TokenBucket => Make.Token(seconds),
        _ => Make.Fixed(seconds),
    };
}
