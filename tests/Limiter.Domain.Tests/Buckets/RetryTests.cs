using System.Collections.Immutable;
using Limiter.Domain.Buckets;
using Limiter.Domain.Escrow;
using Limiter.Domain.Policies;

namespace Limiter.Domain.Tests.Buckets;

/// <summary>Retry-After is exact without other traffic, and never too short.</summary>
public sealed class RetryTests
{
    private const int Runs = 1_500;

    [Fact]
    public void At_the_retry_time_the_same_request_passes_and_a_second_earlier_it_does_not() => Seeds.Each(Runs, dice =>
    {
        var terms = AnyTerms(dice);
        BucketState? state = null;
        var now = Make.Start;
        for (var i = 1; i < 25; i++)
        {
            now += dice.Next(0, 4_000);
            var request = Make.Ask(terms, 1, i, i - 1, 0, AnyWants(dice, terms));
            (var reply, state) = Bucket.Reserve(state, request, now);
            if (reply.Outcome != ReserveOutcome.Granted) Exact(dice, state, terms, reply, request.Wants, now);
            if (dice.Percent(20)) state = Corrected(dice, state, (ulong)i, now, terms);
        }
    });

    [Fact]
    public void With_other_edges_about_it_is_never_too_short() => Seeds.Each(Runs, dice =>
    {
        var terms = AnyTerms(dice);
        BucketState? state = null;
        var now = Make.Start;
        for (var i = 1; i < 25; i++)
        {
            now += dice.Next(0, 4_000);
            var wants = AnyWants(dice, terms);
            (_, state) = Bucket.Reserve(
                state, Make.Ask(terms, (ulong)i % 4, i, i - 4, dice.Next(1, 30_000), wants), now);
            var reply = Make.Probe(state, terms, now, wants);
            if (reply.Outcome == ReserveOutcome.Denied)
                Make.Probe(state, terms, reply.RetryAt, wants).Outcome.ShouldBe(
                    ReserveOutcome.Granted,
                    $"at {reply.RetryAt}, told at {now}: {wants[0].Least} of "
                    + string.Join("; ", terms.Limits.Select(limit => $"{limit.Rule} {limit.Schedule}")));
        }
    });

    private static void Exact(
        Dice dice, BucketState state, Terms terms, ReserveReply reply, ImmutableArray<Want> wants, Instant now)
    {
        if (reply.Outcome == ReserveOutcome.Never)
        {
            wants.Any(want => want.Least > LastNumber(terms, want.Limit))
                .ShouldBeTrue("only what is too much for good");
            return;
        }
        Make.Probe(state, terms, reply.RetryAt, wants).Outcome.ShouldBe(ReserveOutcome.Granted);
        for (var earlier = reply.RetryAt + -1_000; earlier >= now;)
        {
            Make.Probe(state, terms, earlier, wants).Outcome.ShouldNotBe(ReserveOutcome.Granted);
            earlier += -1_000 * dice.Next(1, 1 + ((earlier - now) / 20_000));
        }
    }

    private static BucketState Corrected(Dice dice, BucketState? state, ulong id, Instant now, Terms terms) =>
        Bucket.Charge(
            state,
            new ChargeRequest(id, now + -dice.Next(0, 9_000), dice.Next(0, 9), dice.Next(0, 30), [Make.Minute], terms),
            now).Next;

    private static long LastNumber(Terms terms, LimitId limit) =>
        terms.Limits[terms.PositionOf(limit)].Schedule.Steps[^1].Number;

    private static ImmutableArray<Want> AnyWants(Dice dice, Terms terms)
    {
        var cost = dice.Next(1, 12);
        return [.. terms.Limits.Select(limit => Make.Want(cost, limit.Rule.Id))];
    }

    private static Terms AnyTerms(Dice dice) => dice.Percent(50)
        ? Make.Terms(1, (AnyRule(dice, Make.Minute), AnySchedule(dice)))
        : Make.Terms(
            1, (AnyRule(dice, Make.Minute), AnySchedule(dice)), (AnyRule(dice, Make.Other), AnySchedule(dice)));

    private static LimitRule AnyRule(Dice dice, LimitId id) => dice.Next(0, 3) switch
    {
        0 => LimitRule.Fixed(id, 1_000 * dice.Next(1, 90)),
        1 => LimitRule.Sliding(id, 1_000 * dice.Next(1, 90)),
        2 => LimitRule.TokenBucket(id, 1_000 * dice.Next(1, 90), (int)dice.Of(100L, 20L, 300L)),
        _ => LimitRule.Calendar(id, CalendarPeriod.Hour),
    };

    private static Schedule AnySchedule(Dice dice)
    {
        var first = Make.At(dice.Next(1, 80));
        return dice.Next(0, 3) switch
        {
            0 => Schedule.Of(
                new Schedule.Step(first, dice.Next(0, 40)),
                new Schedule.Step(Instant.Never, dice.Next(5, 40))),
            1 => Schedule.Of(
                new Schedule.Step(first, dice.Next(0, 40)),
                new Schedule.Step(first + dice.Next(1, 50_000), dice.Of(dice.Next(0, 40), Schedule.Unlimited)),
                new Schedule.Step(Instant.Never, dice.Next(5, 40))),
            _ => Schedule.Constant(dice.Next(5, 40)),
        };
    }
}
