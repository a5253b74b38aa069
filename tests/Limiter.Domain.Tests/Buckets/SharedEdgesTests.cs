using Limiter.Domain.Buckets;
using Limiter.Domain.Escrow;
using Limiter.Domain.Policies;

namespace Limiter.Domain.Tests.Buckets;

/// <summary>States that come from one another share what they know of edges that did not ask.</summary>
public sealed class SharedEdgesTests
{
    public static TheoryData<LimitRule> Rules => [Make.Fixed(), Make.Sliding(), Make.Token()];

    [Theory]
    [MemberData(nameof(Rules))]
    public void What_one_edge_asks_changes_no_earlier_state(LimitRule rule) => Seeds.Each(100, dice =>
    {
        var (state, now) = ((BucketState?)null, Make.Start);
        var kept = new List<(BucketState State, byte[] Written)>();
        var leases = 0;
        for (var number = 1; number <= 80; number++)
        {
            // Long enough for leases to end, to be folded, and to be forgotten with their edges.
            now += dice.Percent(5) ? dice.Next(300_000, 900_000) : dice.Next(0, 20_000);
            var terms = Make.Terms(number < 50 ? 1 : 2, (rule, Schedule.Constant(number < 50 ? 200 : 150)));
            var request = Make.Ask(
                terms, (ulong)dice.Next(1, 6), number, 0, dice.Next(0, 30) * 1_000, Make.Want(dice.Next(1, 20)));
            var opened = dice.Next(1, number + 1);
            if (dice.Percent(60))
                request = request with
                {
                    LastReceived = number - 1, LastGranted = number - 1,
                    Reports = [Make.Report(opened, [new Spend(now, dice.Next(0, 4))], dice.Next(0, 4))],
                };
            var twin = state is null ? null : BucketCodec.Decode(kept[^1].Written);

            (var reply, state) = Bucket.Reserve(state, request, now);
            leases += reply.DurationMs > 0 ? 1 : 0;

            BucketCodec.Encode(state).ShouldBe(BucketCodec.Encode(Bucket.Reserve(twin, request, now).Next));
            kept.Add((state, BucketCodec.Encode(state)));
        }
        foreach (var (earlier, written) in kept) BucketCodec.Encode(earlier).ShouldBe(written);
        leases.ShouldBeGreaterThan(10, "there is something of other edges that could be changed");
    });
}
