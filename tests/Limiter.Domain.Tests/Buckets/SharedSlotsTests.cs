using Limiter.Domain.Buckets;
using Limiter.Domain.Escrow;
using Limiter.Domain.Policies;

namespace Limiter.Domain.Tests.Buckets;

/// <summary>States of a sliding window that come from one another.</summary>
public sealed class SharedSlotsTests
{
    private static readonly Terms Many = Make.Terms(Make.Sliding(), 200);

    [Fact]
    public void A_state_stays_as_it_was_whatever_becomes_of_those_that_are_made_from_it() => Seeds.Each(300, dice =>
    {
        var states = new List<(BucketState State, byte[] Written, Instant At)> { First() };
        for (var number = 2; number < 60; number++)
        {
            var (from, written, at) = states[(int)dice.Next(Math.Max(0, states.Count - 4), states.Count - 1)];
            at += dice.Next(0, 8_000);
            var refunded = at + -dice.Next(0, 70_000);
            var request = Make.Ask(Many, (ulong)number, 1, 0, 0, Make.Want(dice.Next(1, 9)));
            var charge = new ChargeRequest((ulong)number, Instant.Max(refunded, Make.Start), 5, 3, [Make.Minute], Many);
            var isCharge = dice.Percent(40);
            BucketState After(BucketState state) =>
                isCharge ? Bucket.Charge(state, charge, at).Next : Bucket.Reserve(state, request, at).Next;

            var after = After(from);

            BucketCodec.Encode(after).ShouldBe(BucketCodec.Encode(After(BucketCodec.Decode(written))));
            states.Add((after, BucketCodec.Encode(after), at));
        }
        foreach (var (state, written, _) in states) BucketCodec.Encode(state).ShouldBe(written);
    });

    private static (BucketState State, byte[] Written, Instant At) First()
    {
        var (_, state) = Bucket.Reserve(null, Make.Ask(Many, 1, 1, 0, 0, Make.Want(1)), Make.Start);
        return (state, BucketCodec.Encode(state), Make.Start);
    }
}
