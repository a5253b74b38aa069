using Limiter.Domain.Buckets;
using Limiter.Domain.Escrow;
using Limiter.Domain.Policies;

namespace Limiter.Domain.Tests.Buckets;

public sealed class GrantingTests
{
    [Fact]
    public void A_limit_of_which_nothing_is_needed_refuses_nobody_even_in_debt()
    {
        var terms = Make.Terms(
            1, (Make.Fixed(), Schedule.Constant(10)), (LimitRule.Sliding(Make.Other, 60_000), Schedule.Constant(10)));
        var (_, state) = Bucket.Charge(
            null, new ChargeRequest(1, Make.At(0), 0, 15, [Make.Other], terms), Make.At(0));

        var (reply, _) = Bucket.Reserve(
            state, Make.Ask(terms, 1, 1, 0, 30_000, Make.Want(1), new Want(Make.Other, 0, 0, 5)), Make.At(1));

        reply.Outcome.ShouldBe(ReserveOutcome.Granted);
        (reply.Limits[0].Granted, reply.Limits[1].Granted).ShouldBe((1, 0));
    }

    [Fact]
    public void A_limit_that_counts_without_a_number_does_not_shorten_leases()
    {
        var terms = Make.Terms(
            1, (Make.Sliding(3_600), Schedule.Constant(1_000)), (LimitRule.Day, Schedule.AlwaysUnlimited));
        var wants = new[] { Make.Want(1), Make.Want(1, LimitId.Day) };
        var (_, state) = Bucket.Reserve(null, Make.Ask(terms, 1, 1, 0, 30_000, [.. wants]), Make.At(0));

        var (reply, _) = Bucket.Reserve(state, Make.Ask(terms, 2, 1, 0, 30_000, [.. wants]), Make.At(0));

        reply.DurationMs.ShouldBe(30_000);
    }

    [Fact]
    public void A_grant_of_another_limit_prolongs_no_lease_in_debt()
    {
        foreach (var rule in new[] { Make.Sliding(), Make.Fixed(), Make.Token() })
        {
            var terms = Make.Terms(
                1, (rule, Schedule.Constant(10)), (LimitRule.Sliding(Make.Other, 3_600_000), Schedule.Constant(10)));
            var both = new[] { Make.Want(8), Make.Want(1, Make.Other) };
            var (_, state) = Bucket.Reserve(null, Make.Ask(terms, 1, 1, 0, 10_000, [.. both]), Make.At(0));
            (_, state) = Bucket.Charge(
                state, new ChargeRequest(1, Make.At(0), 0, 15, [Make.Minute], terms), Make.At(1));

            var (reply, _) = Bucket.Reserve(
                state, Make.Ask(terms, 1, 2, 1, 10_000, Make.Want(1, Make.Other)), Make.At(4));

            (reply.Outcome, reply.DurationMs).ShouldBe((ReserveOutcome.Granted, 6_000));
        }
    }

    [Fact]
    public void Near_the_limit_others_get_just_what_waits_and_for_a_short_time()
    {
        var terms = Make.Terms(Make.Sliding(), 100);
        var (_, state) = Bucket.Reserve(null, Make.Ask(terms, 1, 1, 0, 30_000, Make.Want(90)), Make.At(0));

        var (reply, _) = Bucket.Reserve(
            state, Make.Ask(terms, 2, 1, 0, 8_000, new Want(Make.Minute, 2, 3, 10)), Make.At(0));

        (reply.Limits[0].Granted, reply.DurationMs).ShouldBe((3, 2_000));
    }

    [Fact]
    public void A_denied_request_consumes_nothing_of_any_limit() => Seeds.Each(300, dice =>
    {
        var terms = Make.Terms(
            1,
            (dice.Of(Make.Sliding(), Make.Fixed(), Make.Token()), Schedule.Constant(dice.Next(10, 30))),
            (LimitRule.Fixed(Make.Other, 30_000), Schedule.Constant(dice.Next(1, 9))));
        var now = Make.At(dice.Next(0, 100));
        BucketState? state = null;
        for (var edge = 1UL; edge <= 3; edge++)
            (_, state) = Bucket.Reserve(state, Make.Ask(terms, edge, 1, 0, 20_000, Make.Want(dice.Next(1, 10))), now);
        now += dice.Next(0, 5_000);

        var (reply, after) = Bucket.Reserve(
            state, Make.Ask(terms, 4, 1, 0, 20_000, Make.Want(1), Make.Want(10, Make.Other)), now);

        reply.Outcome.ShouldBe(ReserveOutcome.Never, "ten is above the other limit's number");
        reply.Violated.ShouldBe(Make.FreeAt(state, terms, now) >= 1 ? 2u : 3u);
        foreach (var later in new[] { 0, 1_000, 9_000, 25_000, 70_000, 700_000 })
        {
            Make.FreeAt(after, terms, now + later).ShouldBe(Make.FreeAt(state, terms, now + later));
            Make.FreeAt(after, terms, now + later, Make.Other)
                .ShouldBe(Make.FreeAt(state, terms, now + later, Make.Other));
        }
    });

    [Fact]
    public void A_cost_above_the_number_for_good_never_passes_and_one_above_it_for_now_does()
    {
        var schedule = Schedule.Of(new Schedule.Step(Make.At(90), 5), new Schedule.Step(Instant.Never, 20));
        foreach (var rule in new[] { Make.Sliding(), Make.Fixed(), Make.Token() })
        {
            var terms = Make.Terms(1, (rule, schedule));
            Make.Probe(null, terms, Make.At(0), Make.Want(21)).Outcome.ShouldBe(ReserveOutcome.Never);
            var reply = Make.Probe(null, terms, Make.At(0), Make.Want(20));
            reply.Outcome.ShouldBe(ReserveOutcome.Denied);
            Make.Probe(null, terms, reply.RetryAt, Make.Want(20)).Outcome.ShouldBe(ReserveOutcome.Granted);
            reply.RetryAt.ShouldBe(Make.At(90));
        }
    }
}
