using Limiter.Domain.Buckets;
using Limiter.Domain.Escrow;
using Limiter.Domain.Policies;

namespace Limiter.Domain.Tests.Buckets;

public sealed class TokenBucketTests
{
    [Fact]
    public void A_denial_that_looks_past_a_step_of_the_schedule_leaves_the_level_alone()
    {
        var schedule = Schedule.Of(new Schedule.Step(Make.At(50), 10), new Schedule.Step(Instant.Never, 20));
        var terms = Make.Terms(1, (Make.Token(), schedule));
        var (_, empty) = Bucket.Reserve(null, Make.Ask(terms, 1, 1, 0, 0, Make.Want(10)), Make.At(0));

        var (denied, after) = Bucket.Reserve(empty, Make.Ask(terms, 1, 2, 1, 0, Make.Want(10)), Make.At(1));

        denied.RetryAt.ShouldBe(Make.At(50), "the step raises the number by what is missing");
        Make.FreeAt(after, terms, Make.At(6)).ShouldBe(1, "a token comes every six seconds");
    }

    [Fact]
    public void Retry_is_never_too_short_when_another_limit_pushes_it_past_a_lease()
    {
        // The bucket refills its 10 tokens in 1 s; another edge may spend all of them until 20 s.
        var terms = Make.Terms(
            1,
            (LimitRule.TokenBucket(Make.Minute, 10_000), Schedule.Constant(10)),
            (LimitRule.Fixed(Make.Other, 20_000), Schedule.Constant(1)));
        var (_, state) = Bucket.Reserve(
            null, Make.Ask(terms, 1, 1, 0, 15_000, new Want(Make.Minute, 5, 10, 10)), Make.At(5));
        (_, state) = Bucket.Reserve(state, Make.Ask(terms, 2, 1, 0, 0, Make.Want(1, Make.Other)), Make.At(5));

        var reply = Make.Probe(state, terms, Make.At(6), Make.Want(1, Make.Other), Make.Want(10));

        reply.Outcome.ShouldBe(ReserveOutcome.Denied);
        Make.Probe(state, terms, reply.RetryAt, Make.Want(1, Make.Other), Make.Want(10))
            .Outcome.ShouldBe(ReserveOutcome.Granted);
    }

    [Fact]
    public void Retry_follows_the_rate_of_each_step_when_another_limit_pushes_it_on()
    {
        var schedule = Schedule.Of(new Schedule.Step(Make.At(2), 100), new Schedule.Step(Instant.Never, 10));
        var terms = Make.Terms(
            1, (Make.Token(), schedule), (LimitRule.Fixed(Make.Other, 4_000), Schedule.Constant(1)));
        var (_, state) = Bucket.Reserve(null, Make.Ask(terms, 1, 1, 0, 0, Make.Want(100)), Make.At(0));
        (_, state) = Bucket.Reserve(state, Make.Ask(terms, 1, 2, 1, 0, Make.Want(1, Make.Other)), Make.At(0));

        var reply = Make.Probe(state, terms, Make.At(0), Make.Want(3), Make.Want(1, Make.Other));

        Make.Probe(state, terms, reply.RetryAt, Make.Want(3), Make.Want(1, Make.Other))
            .Outcome.ShouldBe(ReserveOutcome.Granted);
        Make.Probe(state, terms, reply.RetryAt + -1_000, Make.Want(3), Make.Want(1, Make.Other))
            .Outcome.ShouldBe(ReserveOutcome.Denied);
    }

    [Fact]
    public void What_a_dead_edge_held_is_missing_no_more_once_the_bucket_has_been_full_since()
    {
        var terms = Make.Terms(Make.Token(), 10);
        var (_, state) = Bucket.Reserve(null, Make.Ask(terms, 1, 1, 0, 30_000, Make.Want(6)), Make.At(0));
        Make.FreeAt(state, terms, Make.At(30)).ShouldBe(4, "they may have been spent at the last moment");
        Make.FreeAt(state, terms, Make.At(66)).ShouldBe(10, "a token comes every six seconds");

        (_, state) = Bucket.Reserve(state, Make.Ask(terms, 2, 1, 0, 0, Make.Want(5)), Make.At(100));

        Make.FreeAt(state, terms, Make.At(100)).ShouldBe(5);
    }

    [Fact]
    public void A_report_from_before_the_bucket_was_full_changes_nothing()
    {
        var terms = Make.Terms(Make.Token(), 10);
        var (first, state) = Bucket.Reserve(null, Make.Ask(terms, 1, 1, 0, 30_000, Make.Want(6)), Make.At(0));
        (_, state) = Bucket.Reserve(state, Make.Ask(terms, 2, 1, 0, 0, Make.Want(5)), Make.At(100));
        var report = Make.Report(first.Opened, [new Spend(Make.At(29), 6)]);

        (_, state) = Bucket.Reserve(state, Make.Ask(terms, 1, 2, 1, 0) with { Reports = [report] }, Make.At(100));

        Make.FreeAt(state, terms, Make.At(100)).ShouldBe(5);
    }

    [Fact]
    public void A_spending_that_is_reported_late_can_still_be_refunded()
    {
        var terms = Make.Terms(Make.Token(), 10);
        var (first, state) = Bucket.Reserve(null, Make.Ask(terms, 1, 1, 0, 30_000, Make.Want(6)), Make.At(0));
        var report = Make.Report(first.Opened, [new Spend(Make.At(0), 6)]);
        (_, state) = Bucket.Reserve(state, Make.Ask(terms, 1, 2, 1, 0) with { Reports = [report] }, Make.At(6));
        Make.FreeAt(state, terms, Make.At(6)).ShouldBe(5);

        var charge = new ChargeRequest(7, Make.At(0), 6, 2, [Make.Minute], terms);
        (var outcome, state) = Bucket.Charge(state, charge, Make.At(6));

        outcome.ShouldBe(ChargeOutcome.Applied);
        Make.FreeAt(state, terms, Make.At(6)).ShouldBe(9);
    }

    [Fact]
    public void A_spending_before_the_bucket_was_full_is_not_refunded()
    {
        var terms = Make.Terms(Make.Token(), 10);
        var (_, state) = Bucket.Reserve(null, Make.Ask(terms, 1, 1, 0, 0, Make.Want(2)), Make.At(0));
        (_, state) = Bucket.Reserve(state, Make.Ask(terms, 1, 2, 1, 0, Make.Want(5)), Make.At(30));

        (_, state) = Bucket.Charge(state, new ChargeRequest(7, Make.At(0), 2, 0, [Make.Minute], terms), Make.At(30));

        Make.FreeAt(state, terms, Make.At(30)).ShouldBe(5);
    }

    [Fact]
    public void No_more_is_refunded_than_was_missing_when_the_bucket_was_nearest_to_full()
    {
        var terms = Make.Terms(Make.Token(), 10);
        var (_, state) = Bucket.Reserve(null, Make.Ask(terms, 1, 1, 0, 0, Make.Want(6)), Make.At(0));
        (_, state) = Bucket.Reserve(state, Make.Ask(terms, 1, 2, 1, 0, Make.Want(5)), Make.At(30));

        (_, state) = Bucket.Charge(state, new ChargeRequest(7, Make.At(0), 6, 0, [Make.Minute], terms), Make.At(30));

        Make.FreeAt(state, terms, Make.At(30)).ShouldBe(5, "full at 30 s without the first, and 5 were spent then");
    }

    [Theory]
    [InlineData(0, 0.1)]
    [InlineData(0.2, 0.1)]
    [InlineData(0, 0)]
    public void Spendings_reported_together_at_a_rate_that_was_raised_are_not_refilled_twice(double first, double raise)
    {
        var old = Make.Terms(1, (Make.Token(10), Schedule.Constant(50)));
        var raised = Make.Terms(2, (Make.Token(10), Schedule.Constant(1_000)));
        var (_, state) = Bucket.Reserve(
            null, Make.Ask(old, 1, 1, 0, 30_000, new Want(Make.Minute, 1, 40, 40)), Make.At(0));
        var log = default(SpendLog);
        for (var i = 0; i < 7; i++) log.AddRefilled(Make.At(first + 0.001 * i), 1, 50, 10_000);
        log.AddRefilled(Make.At(first + 0.01), 10, 50, 10_000);
        (_, state) = Bucket.Reserve(state, Make.Ask(raised, 2, 1, 0, 0), Make.At(raise));
        log.AddRefilled(Make.At(1.9), 9, 50, 10_000);
        var told = Make.Ask(raised, 1, 2, 1, 0) with { Reports = [Make.Report(1, log.ToReport(), 14)] };
        (_, state) = Bucket.Reserve(state, told, Make.At(1.9));
        Make.FreeAt(state, raised, Make.At(1.9)).ShouldBeLessThanOrEqualTo(991, "9 were spent just now");
    }
}
