using Limiter.Domain.Buckets;
using Limiter.Domain.Escrow;
using Limiter.Domain.Policies;

namespace Limiter.Domain.Tests.Buckets;

public sealed class IdempotencyTests
{
    private static readonly Terms Hour = Make.Terms(Make.Sliding(3_600), 100);

    [Fact]
    public void A_repeated_request_gets_the_same_grants_and_changes_nothing()
    {
        var ask = Make.Ask(Hour, 1, 1, 0, 30_000, new Want(Make.Minute, 2, 3, 20));
        var (first, state) = Bucket.Reserve(null, ask, Make.At(0));
        var (again, after) = Bucket.Reserve(state, ask, Make.At(7));

        after.ShouldBeSameAs(state);
        (again.Outcome, again.Now, again.Opened, again.DurationMs, again.Limits[0].Granted)
            .ShouldBe((first.Outcome, first.Now, first.Opened, first.DurationMs, first.Limits[0].Granted));
    }

    [Fact]
    public void A_repeated_exact_request_of_an_edge_with_a_lease_gets_the_same_grants()
    {
        var (_, state) = Bucket.Reserve(null, Make.Ask(Hour, 1, 1, 0, 30_000, Make.Want(2)), Make.At(0));
        var ask = Make.Ask(Hour, 1, 2, 1, 0, Make.Want(3));
        (var exact, state) = Bucket.Reserve(state, ask, Make.At(1));
        var (again, after) = Bucket.Reserve(state, ask, Make.At(2));

        after.ShouldBeSameAs(state);
        (exact.Exact, exact.Limits[0].Granted).ShouldBe((true, 3));
        (again.Exact, again.Outcome, again.Now, again.Limits[0].Granted)
            .ShouldBe((true, ReserveOutcome.Granted, exact.Now, 3));
    }

    [Fact]
    public void An_old_request_that_comes_again_is_ignored_even_when_its_lease_is_long_settled()
    {
        var first = Make.Ask(Hour, 1, 1, 0, 30_000, Make.Want(5));
        var (_, state) = Bucket.Reserve(null, first, Make.At(0));
        var settle = Make.Ask(Hour, 1, 2, 1, 0) with { Reports = [Make.Report(1, [new Spend(Make.At(0), 5)])] };
        (_, state) = Bucket.Reserve(state, settle, Make.At(1));

        var (reply, after) = Bucket.Reserve(state, first, Make.At(2));

        reply.Outcome.ShouldBe(ReserveOutcome.Stale);
        after.ShouldBeSameAs(state);
        Make.FreeAt(after, Hour, Make.At(2)).ShouldBe(95);
    }

    [Fact]
    public void What_was_admitted_without_a_grant_is_charged_once_however_often_it_is_told()
    {
        var ask = Make.Ask(Hour, 1, 1, 0, 0) with { Owed = [new Owed(Make.Minute, 10)] };
        var (_, state) = Bucket.Reserve(null, ask, Make.At(0));
        (_, state) = Bucket.Reserve(state, ask with { Number = 2 }, Make.At(1));
        (_, state) = Bucket.Reserve(state, Make.Ask(Hour, 1, 3, 2, 0), Make.At(2));
        (_, state) = Bucket.Reserve(state, ask, Make.At(3));

        Make.FreeAt(state, Hour, Make.At(3)).ShouldBe(90);
    }

    [Fact]
    public void Exact_decisions_of_an_edge_are_not_made_twice()
    {
        var ask = Make.Ask(Hour, 1, 1, 0, 0, Make.Want(5));
        var (_, state) = Bucket.Reserve(null, ask, Make.At(0));
        var (again, after) = Bucket.Reserve(state, ask, Make.At(1));

        (again.Exact, again.Limits[0].Granted).ShouldBe((true, 5));
        Make.FreeAt(after, Hour, Make.At(1)).ShouldBe(95);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(5)]
    public void What_a_late_copy_of_a_denied_request_is_granted_comes_back(long held)
    {
        var terms = Make.Terms(Make.Fixed(), 100);
        var number = held == 0 ? 0 : 1;
        var (_, state) = Bucket.Reserve(null, Make.Ask(terms, 1, 1, 0, 30_000, Make.Want(5)), Make.At(0));
        if (held == 0) (_, state) = Bucket.Reserve(state, Make.Ask(terms, 1, 2, 0, 30_000), Make.At(0));
        (_, state) = Bucket.Reserve(state, Make.Ask(terms, 2, 1, 0, 30_000, Make.Want(90)), Make.At(0));
        var ask = Make.Ask(terms, 1, 3, 2, 30_000, Make.Want(20)) with { LastGranted = number };
        Bucket.Reserve(state, ask, Make.At(1)).Reply.Outcome.ShouldBe(ReserveOutcome.Denied);

        // The other edge gives back what it has not spent, and the copy comes.
        var returned = Make.Ask(terms, 2, 2, 1, 30_000) with { Reports = [Make.Report(1, [], 90)] };
        (_, state) = Bucket.Reserve(state, returned, Make.At(2));
        (var late, state) = Bucket.Reserve(state, ask, Make.At(3));
        late.Outcome.ShouldBe(ReserveOutcome.Granted);
        (_, state) = Bucket.Reserve(
            state, Make.Ask(terms, 1, 4, 3, 30_000) with { LastGranted = number }, Make.At(4));

        Make.FreeAt(state, terms, Make.At(4)).ShouldBe(100 - held);
    }

    [Fact]
    public void What_a_lost_reply_granted_comes_back()
    {
        foreach (var rule in new[] { Make.Sliding(), Make.Fixed(), Make.Token() })
        {
            var terms = Make.Terms(rule, 100);
            var (_, state) = Bucket.Reserve(null, Make.Ask(terms, 1, 1, 0, 30_000, Make.Want(40)), Make.At(0));
            Make.FreeAt(state, terms, Make.At(1)).ShouldBe(60);

            (_, state) = Bucket.Reserve(state, Make.Ask(terms, 1, 2, 0, 30_000), Make.At(1));

            Make.FreeAt(state, terms, Make.At(1)).ShouldBe(100);
        }
    }

    [Fact]
    public void The_sixty_fifth_edge_gets_exact_grants_that_are_counted()
    {
        BucketState? state = null;
        for (var edge = 1UL; edge <= BucketState.EdgesMax; edge++)
            (_, state) = Bucket.Reserve(state, Make.Ask(Hour, edge, 1, 0, 30_000, Make.Want(1)), Make.At(0));

        var (reply, after) = Bucket.Reserve(
            state, Make.Ask(Hour, 65, 1, 0, 30_000, new Want(Make.Minute, 2, 2, 9)), Make.At(1));

        (reply.Exact, reply.DurationMs, reply.Opened, reply.Limits[0].Granted).ShouldBe((true, 0, 0, 2));
        Make.FreeAt(after, Hour, Make.At(1)).ShouldBe(34);
        (reply, _) = Bucket.Reserve(after, Make.Ask(Hour, 66, 1, 0, 30_000, Make.Want(2)), Make.At(70));
        reply.Exact.ShouldBeFalse("somebody's lease has ended and makes room");
    }

    [Fact]
    public void A_lease_that_has_just_ended_makes_no_room_before_its_edge_can_have_told_of_it()
    {
        BucketState? state = null;
        for (var edge = 1UL; edge <= BucketState.EdgesMax; edge++)
            (_, state) = Bucket.Reserve(state, Make.Ask(Hour, edge, 1, 0, 30_000, Make.Want(1)), Make.At(0));

        (var reply, state) = Bucket.Reserve(state, Make.Ask(Hour, 65, 1, 0, 30_000, Make.Want(2)), Make.At(69));
        reply.Exact.ShouldBeTrue();
        for (var edge = 1UL; edge <= BucketState.EdgesMax; edge++)
            (_, state) = Bucket.Reserve(
                state,
                Make.Ask(Hour, edge, 2, 1, 30_000) with
                {
                    Reports = [new LeaseReport(1, [new LimitReport(Make.Minute, [], 1)])],
                },
                Make.At(69));

        Make.FreeAt(state, Hour, Make.At(69)).ShouldBe(98);
    }

    [Fact]
    public void A_want_of_nothing_is_granted_nothing_and_saved()
    {
        var (_, state) = Bucket.Reserve(null, Make.Ask(Hour, 1, 1, 0, 30_000, Make.Want(1)), Make.At(0));

        var (reply, after) = Bucket.Reserve(state, Make.Ask(Hour, 2, 1, 0, 0, Make.Want(0)), Make.At(1));

        (reply.Outcome, reply.DurationMs, reply.Limits[0].Granted).ShouldBe((ReserveOutcome.Granted, 0, 0));
        after.ShouldNotBeSameAs(state);
        Bucket.Reserve(after, Make.Ask(Hour, 2, 1, 0, 0, Make.Want(0)), Make.At(2)).Reply.Exact.ShouldBeFalse();
    }

    [Fact]
    public void A_request_without_wants_reports_and_is_granted_nothing()
    {
        var (reply, state) = Bucket.Reserve(null, Make.Ask(Hour, 1, 1, 0, 30_000), Make.At(0));

        (reply.Outcome, reply.Opened, reply.DurationMs).ShouldBe((ReserveOutcome.Granted, 0, 0));
        Make.FreeAt(state, Hour, Make.At(0)).ShouldBe(100);
    }
}
