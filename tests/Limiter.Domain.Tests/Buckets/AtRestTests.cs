using Limiter.Domain.Buckets;
using Limiter.Domain.Escrow;
using Limiter.Domain.Policies;

namespace Limiter.Domain.Tests.Buckets;

public sealed class AtRestTests
{
    [Fact]
    public void A_bucket_at_rest_decides_like_a_new_one_and_gets_there() => Seeds.Each(400, dice =>
    {
        var terms = Make.Terms(
            1,
            (dice.Of(Make.Sliding(), Make.Fixed(), Make.Token(60, 30)), Schedule.Constant(20)),
            (LimitRule.TokenBucket(Make.Other, 7_000), Schedule.Constant(5)));
        BucketState? state = null;
        var now = Make.Start + dice.Next(0, 90_000);
        for (var i = 1; i < 6; i++)
        {
            var wants = dice.Percent(70)
                ? [Make.Want(dice.Next(1, 5)), Make.Want(dice.Next(1, 5), Make.Other)]
                : new[] { Make.Want(1) };
            (_, state) = Bucket.Reserve(
                state, Make.Ask(terms, (ulong)dice.Next(1, 3), i, i - 1, dice.Next(0, 30_000), [.. wants]), now);
            if (dice.Percent(30))
                (_, state) = Bucket.Charge(
                    state, new ChargeRequest((ulong)i, now, 3, dice.Next(0, 30), [Make.Minute], terms), now);
            now += dice.Next(0, 20_000);
        }
        var rested = false;
        for (var later = now; later < now + 3_600_000; later += dice.Next(1, 90_000))
        {
            var rests = Bucket.IsAtRest(state!, later);
            rests.ShouldBe(rests || rested, "rest lasts");
            rested |= rests;
            if (rests) Alike(dice, state!, terms, later);
        }
        rested.ShouldBeTrue();
    });

    [Fact]
    public void A_bucket_with_anything_left_is_not_at_rest()
    {
        var terms = Make.Terms(Make.Sliding(), 20);
        var (_, state) = Bucket.Reserve(null, Make.Ask(terms, 1, 1, 0, 15_000, Make.Want(1)), Make.At(0));
        Bucket.IsAtRest(state, Make.At(30)).ShouldBeFalse("the lease may still be reported");
        Bucket.IsAtRest(state, Make.At(614)).ShouldBeFalse();
        Bucket.IsAtRest(state, Make.At(616)).ShouldBeTrue();

        var day = Make.Terms(1, (LimitRule.Day, Schedule.AlwaysUnlimited));
        (_, state) = Bucket.Reserve(null, Make.Ask(day, 1, 1, 0, 0, Make.Want(1, LimitId.Day)), Make.At(0));
        Bucket.IsAtRest(state, Make.At(86_400 + 80_000)).ShouldBeFalse("yesterday's figure is kept");
        Bucket.IsAtRest(state, Make.At(2 * 86_400)).ShouldBeTrue();
    }

    private static void Alike(Dice dice, BucketState state, Terms terms, Instant now)
    {
        var fresh = (BucketState?)null;
        var rested = state;
        for (var i = 1; i < 30; i++)
        {
            now += dice.Next(0, 9_000);
            var wants = new[] { Make.Want(dice.Next(0, 9)), Make.Want(dice.Next(0, 5), Make.Other) };
            var ask = Make.Ask(terms, (ulong)(700 + (i % 3)), i, Math.Max(0, i - 3), dice.Next(0, 30_000), [.. wants]);
            (var left, fresh) = Bucket.Reserve(fresh, ask, now);
            (var right, rested) = Bucket.Reserve(rested, ask, now);
            (left.Outcome, left.RetryAt, left.DurationMs, left.Violated, left.Limits[0].Granted, left.Limits[1].Granted)
                .ShouldBe((
                    right.Outcome, right.RetryAt, right.DurationMs, right.Violated, right.Limits[0].Granted,
                    right.Limits[1].Granted));
        }
    }
}
