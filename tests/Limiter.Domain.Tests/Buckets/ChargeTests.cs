using Limiter.Domain.Buckets;
using Limiter.Domain.Escrow;
using Limiter.Domain.Policies;

namespace Limiter.Domain.Tests.Buckets;

public sealed class ChargeTests
{
    public static TheoryData<int> EveryRule => [0, 1, 2];

    [Theory]
    [MemberData(nameof(EveryRule))]
    public void A_cost_is_corrected_up_down_and_once(int which)
    {
        var terms = Make.Terms(Rule(which), 100);
        var (_, state) = Bucket.Reserve(null, Make.Ask(terms, 1, 1, 0, 0, Make.Want(20)), Make.At(0));

        (var up, state) = Bucket.Charge(state, Correction(1, 10, 15, terms), Make.At(0.01));
        (var down, state) = Bucket.Charge(state, Correction(2, 10, 4, terms), Make.At(0.01));
        (up, down, Make.FreeAt(state, terms, Make.At(0.01)))
            .ShouldBe((ChargeOutcome.Applied, ChargeOutcome.Applied, 81));

        var (repeated, same) = Bucket.Charge(state, Correction(2, 10, 4, terms), Make.At(0.02));
        repeated.ShouldBe(ChargeOutcome.Repeated);
        same.ShouldBeSameAs(state);
        Bucket.Charge(state, Correction(2, 10, 5, terms), Make.At(0.02)).Outcome.ShouldBe(ChargeOutcome.Conflict);
    }

    [Fact]
    public void A_check_of_ten_minutes_ago_is_not_corrected_any_more()
    {
        var terms = Make.Terms(Make.Fixed(3_600), 100);
        var (_, state) = Bucket.Reserve(null, Make.Ask(terms, 1, 1, 0, 0, Make.Want(20)), Make.At(0));

        Bucket.Charge(state, Correction(1, 10, 4, terms), Make.At(600)).Outcome.ShouldBe(ChargeOutcome.Expired);
        Bucket.Charge(state, Correction(1, 10, 4, terms), Make.At(599.999)).Outcome.ShouldBe(ChargeOutcome.Applied);
    }

    [Fact]
    public void A_correction_is_remembered_as_long_as_an_edge_with_a_fast_clock_may_repeat_it()
    {
        var terms = Make.Terms(Make.Fixed(3_600), 100);
        var ahead = new ChargeRequest(1, Make.At(0.5), 0, 10, [Make.Minute], terms);
        var (_, state) = Bucket.Charge(null, ahead, Make.At(0));

        Bucket.Charge(state, ahead, Make.At(600.2)).Outcome.ShouldBe(ChargeOutcome.Repeated);
    }

    [Fact]
    public void Two_corrections_of_one_state_know_nothing_of_each_other()
    {
        var terms = Make.Terms(Make.Fixed(3_600), 100);
        var (_, state) = Bucket.Charge(null, Correction(1, 0, 1, terms), Make.At(0));

        var (_, left) = Bucket.Charge(state, Correction(2, 0, 1, terms), Make.At(0));
        var (_, right) = Bucket.Charge(state, Correction(3, 0, 1, terms), Make.At(0));

        Bucket.Charge(left, Correction(2, 0, 1, terms), Make.At(0)).Outcome.ShouldBe(ChargeOutcome.Repeated);
        Bucket.Charge(left, Correction(3, 0, 1, terms), Make.At(0)).Outcome.ShouldBe(ChargeOutcome.Applied);
        Bucket.Charge(right, Correction(2, 0, 1, terms), Make.At(0)).Outcome.ShouldBe(ChargeOutcome.Applied);
        Bucket.Charge(state, Correction(3, 0, 1, terms), Make.At(0)).Outcome.ShouldBe(ChargeOutcome.Applied);
    }

    [Fact]
    public void A_full_memory_refuses_until_the_oldest_leave()
    {
        var terms = Make.Terms(Make.Fixed(3_600), 1_000_000);
        BucketState? state = null;
        for (var id = 1UL; id <= ChargeRequest.RememberedMax; id++)
            (_, state) = Bucket.Charge(state, Correction(id, 0, 1, terms), Make.At(0));

        var late = new ChargeRequest(5_000, Make.At(600), 0, 1, [Make.Minute], terms);
        Bucket.Charge(state, late, Make.At(10)).Outcome.ShouldBe(ChargeOutcome.Full);
        Bucket.Charge(state, late, Make.At(700)).Outcome.ShouldBe(ChargeOutcome.Applied);
    }

    [Fact]
    public void A_sliding_refund_of_outstanding_spending_is_free_at_once_and_counts_once()
    {
        var terms = Make.Terms(Make.Sliding(), 20);
        var (_, state) = Bucket.Reserve(null, Make.Ask(terms, 1, 1, 0, 15_000, Make.Want(10)), Make.At(0));
        (_, state) = Bucket.Charge(state, new ChargeRequest(1, Make.At(3), 10, 4, [Make.Minute], terms), Make.At(4));
        Make.FreeAt(state, terms, Make.At(4)).ShouldBe(16);

        var report = Make.Report(1, [new Spend(Make.At(3), 10)]);
        (_, state) = Bucket.Reserve(state, Make.Ask(terms, 1, 2, 1, 0) with { Reports = [report] }, Make.At(5));

        Make.FreeAt(state, terms, Make.At(5)).ShouldBe(16);
        Make.FreeAt(state, terms, Make.At(62.9)).ShouldBe(16);
        Make.FreeAt(state, terms, Make.At(63)).ShouldBe(20);
    }

    [Fact]
    public void A_refund_frees_nothing_after_its_spending_has_left_the_window()
    {
        // The edge's latest time for the spending, 12.05 s, lies a slot after the bucket's own when the report arrives.
        var terms = Make.Terms(Make.Sliding(), 10);
        var (_, state) = Bucket.Reserve(null, Make.Ask(terms, 1, 1, 0, 15_000, Make.Want(5)), Make.At(0));
        var report = Make.Report(1, [new Spend(Make.At(12.05), 5)]);
        (_, state) = Bucket.Reserve(state, Make.Ask(terms, 1, 2, 1, 0) with { Reports = [report] }, Make.At(11.98));
        (_, state) = Bucket.Charge(
            state, new ChargeRequest(1, Make.At(12.05), 5, 0, [Make.Minute], terms), Make.At(12.1));

        foreach (var second in new[] { 12.1, 50, 71.9, 72, 72.5, 73, 80 })
            Make.FreeAt(state, terms, Make.At(second)).ShouldBe(10);
    }

    [Fact]
    public void A_refund_dated_in_the_future_is_none_that_lasts()
    {
        var terms = Make.Terms(Make.Sliding(), 10);
        var (_, state) = Bucket.Reserve(null, Make.Ask(terms, 1, 1, 0, 0, Make.Want(5)), Make.At(0));
        (_, state) = Bucket.Charge(state, new ChargeRequest(1, Make.At(500), 5, 0, [Make.Minute], terms), Make.At(0));

        Make.FreeAt(state, terms, Make.At(100)).ShouldBe(10);
    }

    [Fact]
    public void A_debt_is_carried_into_the_next_fixed_window_and_the_one_after()
    {
        var terms = Make.Terms(Make.Fixed(), 10);
        var (_, state) = Bucket.Reserve(null, Make.Ask(terms, 1, 1, 0, 0, Make.Want(8)), Make.At(0));
        (_, state) = Bucket.Charge(state, Correction(1, 1, 16, terms), Make.At(1));

        Make.Probe(state, terms, Make.At(1), Make.Want(7)).RetryAt.ShouldBe(Make.At(120));
        Make.FreeAt(state, terms, Make.At(59)).ShouldBe(0);
        Make.FreeAt(state, terms, Make.At(60)).ShouldBe(0);
        Make.FreeAt(state, terms, Make.At(120)).ShouldBe(7);
        Make.FreeAt(state, terms, Make.At(180)).ShouldBe(10);
    }

    [Fact]
    public void A_limit_that_is_unknown_or_not_named_is_not_charged()
    {
        var terms = Make.Terms(
            1, (Make.Fixed(), Schedule.Constant(10)), (LimitRule.Sliding(Make.Other, 60_000), Schedule.Constant(10)));
        var charge = new ChargeRequest(1, Make.At(0), 0, 4, [Make.Minute, Make.Id("unknown")], terms);
        var (_, state) = Bucket.Charge(null, charge, Make.At(0));

        Make.FreeAt(state, terms, Make.At(0)).ShouldBe(6);
        Make.FreeAt(state, terms, Make.At(0), Make.Other).ShouldBe(10);
    }

    private static LimitRule Rule(int which) => which switch
    {
        0 => Make.Fixed(3_600),
        1 => Make.Sliding(3_600),
        _ => Make.Token(3_600),
    };

    private static ChargeRequest Correction(ulong id, long cost, long trueCost, Terms terms) =>
        new(id, Make.At(0), cost, trueCost, [Make.Minute], terms);
}
