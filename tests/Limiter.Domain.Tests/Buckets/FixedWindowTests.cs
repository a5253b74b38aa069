using System.Collections.Immutable;
using Limiter.Domain.Buckets;
using Limiter.Domain.Escrow;
using Limiter.Domain.Policies;

namespace Limiter.Domain.Tests.Buckets;

public sealed class FixedWindowTests
{
    [Fact]
    public void A_cost_is_corrected_down_while_its_spending_is_still_outstanding()
    {
        var terms = Make.Terms(Make.Fixed(), 20);
        var (first, state) = Bucket.Reserve(null, Make.Ask(terms, 1, 1, 0, 30_000, Make.Want(10)), Make.At(0));
        (var outcome, state) = Bucket.Charge(
            state, new ChargeRequest(1, Make.At(1), 10, 3, [Make.Minute], terms), Make.At(2));
        outcome.ShouldBe(ChargeOutcome.Applied);
        Make.FreeAt(state, terms, Make.At(2)).ShouldBe(17);

        var report = Make.Report(first.Opened, [new Spend(Make.At(1), 10)]);
        (_, state) = Bucket.Reserve(state, Make.Ask(terms, 1, 2, 1, 0) with { Reports = [report] }, Make.At(3));
        Make.FreeAt(state, terms, Make.At(3)).ShouldBe(17);
    }

    [Fact]
    public void A_debt_is_worked_off_by_the_number_of_each_window_whether_or_not_somebody_looks()
    {
        var schedule = Schedule.Of(new Schedule.Step(Make.At(180), 10), new Schedule.Step(Instant.Never, 100));
        var terms = Make.Terms(1, (Make.Fixed(), schedule));
        var (_, watched) = Bucket.Charge(null, Owe(45, terms), Make.At(0));
        var idle = watched;
        foreach (var minute in new[] { 1, 2, 3 })
            (_, watched) = Bucket.Reserve(watched, Make.Ask(terms, 1, minute, 0, 0), Make.At(60 * minute));

        Make.FreeAt(watched, terms, Make.At(180)).ShouldBe(85);
        Make.FreeAt(idle, terms, Make.At(180)).ShouldBe(85);
    }

    [Fact]
    public void Months_work_off_a_debt_one_by_one_whatever_their_length()
    {
        var terms = Make.Terms(1, (LimitRule.Calendar(Make.Minute, CalendarPeriod.Month), Schedule.Constant(10)));
        var february = Instant.From(new DateTimeOffset(2026, 2, 1, 0, 0, 0, TimeSpan.Zero));
        var nextFebruary = Instant.From(new DateTimeOffset(2027, 2, 1, 0, 0, 0, TimeSpan.Zero));

        var (_, state) = Bucket.Charge(null, Owe(127, terms), february);

        Make.FreeAt(state, terms, nextFebruary).ShouldBe(3, "eleven months have each taken ten, after February's own");
    }

    [Fact]
    public void Retry_after_a_long_suspension_is_its_end()
    {
        var end = Make.At(0) + (9L * 24 * 60 * 60 * 1000);
        var schedule = Schedule.Of(new Schedule.Step(end, 0), new Schedule.Step(Instant.Never, 10));
        var terms = Make.Terms(1, (Make.Fixed(), schedule));

        Make.Probe(null, terms, Make.At(0), Make.Want(1)).RetryAt.ShouldBe(end);
    }

    [Fact]
    public void Retry_after_a_great_debt_is_the_window_that_has_worked_it_off()
    {
        var terms = Make.Terms(LimitRule.Fixed(Make.Minute, 1_000), 1);
        var (_, state) = Bucket.Charge(null, Owe(1_000_000, terms), Make.At(0));

        var reply = Make.Probe(state, terms, Make.At(0), Make.Want(1));

        reply.RetryAt.ShouldBe(Make.At(1_000_000));
        Make.Probe(state, terms, reply.RetryAt, Make.Want(1)).Outcome.ShouldBe(ReserveOutcome.Granted);
        Make.Probe(state, terms, reply.RetryAt + -1_000, Make.Want(1)).Outcome.ShouldBe(ReserveOutcome.Denied);
    }

    [Fact]
    public void What_comes_back_goes_to_the_window_it_was_granted_in_even_when_its_lease_is_older()
    {
        var terms = Make.Terms(
            1,
            (Make.Fixed(1), Schedule.Constant(10)),
            (LimitRule.Sliding(Make.Other, 3_600_000), Schedule.Constant(100)));
        var (first, state) = Bucket.Reserve(
            null, Make.Ask(terms, 1, 1, 0, 30_000, Make.Want(1, Make.Other)), Make.At(0.5));
        (var second, state) = Bucket.Reserve(state, Make.Ask(terms, 1, 2, 1, 30_000, Make.Want(10)), Make.At(5));
        second.Opened.ShouldBe(first.Opened);

        var report = Make.Report(first.Opened, [], returned: 4);
        (_, state) = Bucket.Reserve(state, Make.Ask(terms, 1, 3, 2, 0) with { Reports = [report] }, Make.At(5.5));

        Make.FreeAt(state, terms, Make.At(5.5)).ShouldBe(4);
    }

    [Fact]
    public void What_a_lost_reply_granted_goes_back_to_its_own_window()
    {
        var terms = Make.Terms(
            1,
            (Make.Fixed(1), Schedule.Constant(10)),
            (LimitRule.Sliding(Make.Other, 3_600_000), Schedule.Constant(100)));
        var (_, state) = Bucket.Reserve(
            null, Make.Ask(terms, 1, 1, 0, 30_000, Make.Want(1, Make.Other)), Make.At(0.5));
        (_, state) = Bucket.Reserve(state, Make.Ask(terms, 1, 2, 1, 30_000, Make.Want(10)), Make.At(5));

        (_, state) = Bucket.Reserve(state, Make.Ask(terms, 1, 3, 1, 0), Make.At(5.5));

        Make.FreeAt(state, terms, Make.At(5.5)).ShouldBe(10);
    }

    [Fact]
    public void What_comes_back_after_its_window_was_overdrawn_takes_the_debt_back()
    {
        var terms = Make.Terms(Make.Fixed(), 10);
        var (first, state) = Bucket.Reserve(null, Make.Ask(terms, 1, 1, 0, 30_000, Make.Want(10)), Make.At(50));
        (_, state) = Bucket.Charge(state, Owe(5, terms), Make.At(51));
        Make.FreeAt(state, terms, Make.At(60)).ShouldBe(5, "all ten may have been spent, and five more");

        var report = Make.Report(first.Opened, [new Spend(Make.At(52), 4)], returned: 6);
        (_, state) = Bucket.Reserve(state, Make.Ask(terms, 1, 2, 1, 0) with { Reports = [report] }, Make.At(61));

        Make.FreeAt(state, terms, Make.At(61)).ShouldBe(10, "nine of ten were used");
    }

    private static ChargeRequest Owe(long tokens, Terms terms) =>
        new(99, Make.At(0), 0, tokens, ImmutableArray.Create(Make.Minute), terms);
}
