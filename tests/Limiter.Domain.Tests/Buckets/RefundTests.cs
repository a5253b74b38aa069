using Limiter.Domain.Buckets;
using Limiter.Domain.Escrow;
using Limiter.Domain.Tests.Buckets.Oracles;

namespace Limiter.Domain.Tests.Buckets;

/// <summary>A token bucket of which costs are corrected, against one that knew the true costs from the start.</summary>
public sealed class RefundTests
{
    private const int Capacity = 20;
    private const long WindowMs = 10_000;
    private static readonly Domain.Policies.Terms Terms = Make.Terms(Make.Token(WindowMs / 1000), Capacity);

    [Fact]
    public void A_refund_leaves_what_there_would_be_had_the_cost_been_known() =>
        Seeds.Each(1_000, dice => Run(dice, 16, exactly: true));

    [Fact]
    public void Refunds_leave_no_more_than_that_however_many_spend() =>
        Seeds.Each(300, dice => Run(dice, 160, exactly: false));

    [Fact]
    public void A_refund_of_what_an_edge_spent_by_a_clock_that_is_ahead_leaves_no_more_than_that()
    {
        // Of 20, refilled by 2 a second, 10 are spent at 1 s, by the edge's clock at 5 s; 14 more at 3 s.
        var (_, state) = Bucket.Reserve(
            null, Make.Ask(Terms, 1, 1, 0, 9_000, new Want(Make.Minute, 1, 10, 10)), Make.At(1));
        var told = Make.Ask(Terms, 1, 2, 1, 0) with { Reports = [Make.Report(1, [new Spend(Make.At(5), 10)])] };
        (_, state) = Bucket.Reserve(state, told, Make.At(1));
        (_, state) = Bucket.Reserve(state, Make.Ask(Terms, 2, 1, 0, 0, Make.Want(14)), Make.At(3));
        (_, state) = Bucket.Charge(state, new ChargeRequest(7, Make.At(5), 10, 0, [Make.Minute], Terms), Make.At(6));
        // Without the 10 it was full at 3 s: 14 are missing then, and 8 at 6 s.
        Make.FreeAt(state, Terms, Make.At(6)).ShouldBeLessThanOrEqualTo(12);
    }

    [Fact]
    public void A_refund_within_spendings_that_were_put_together_leaves_no_more_than_that() => Seeds.Each(1_000, dice =>
    {
        var now = Make.Start;
        var (_, state) = Bucket.Reserve(null, Make.Ask(Terms, 1, 1, 0, 9_000, new Want(Make.Minute, 1, 15, 15)), now);
        var (log, spent) = (default(SpendLog), new List<Spend>());
        for (var i = 0; i < 13; i++)
        {
            now += dice.Next(0, 150);
            log.AddRefilled(now, 1, Capacity, WindowMs);
            spent.Add(new Spend(now, 1));
        }
        // Another edge's spending in between is known only afterwards.
        var other = new Spend(spent[(int)dice.Next(0, 12)].At + 1, dice.Next(1, 5));
        var lease = Make.Ask(Terms, 2, 1, 0, 9_000, new Want(Make.Minute, 1, other.Tokens, other.Tokens));
        (_, state) = Bucket.Reserve(state, lease, Make.Start);
        var told = Make.Ask(Terms, 1, 2, 1, 0) with { Reports = [Make.Report(1, log.ToReport(), 2)] };
        (_, state) = Bucket.Reserve(state, told, now + 1);
        var late = Make.Ask(Terms, 2, 2, 1, 0) with { Reports = [Make.Report(1, [other])] };
        (_, state) = Bucket.Reserve(state, late, now + 1);
        var refunded = (int)dice.Next(0, 12);
        (_, state) = Bucket.Charge(
            state, new ChargeRequest(7, spent[refunded].At, 1, 0, [Make.Minute], Terms), now + 1);
        spent[refunded] = spent[refunded] with { Tokens = 0 };
        spent.Add(other);
        Make.FreeAt(state, Terms, now + 1)
            .ShouldBeLessThanOrEqualTo(LeftOf([.. spent.OrderBy(spend => spend.At)], now + 1));
    });

    [Fact]
    public void What_is_reported_late_is_in_what_a_refund_leaves() => Seeds.Each(1_000, dice =>
    {
        // The third edge spends at once; the others report when all is spent, in any order.
        var (now, state) = (Make.Start, (BucketState?)null);
        var spent = new List<Spend> { new(now, dice.Next(2, 6)) };
        (_, state) = Bucket.Reserve(state, Make.Ask(Terms, 3, 1, 0, 0, Make.Want(spent[0].Tokens)), now);
        now += dice.Next(0, 1_500);
        for (var edge = 1UL; edge <= 2; edge++)
            (_, state) = Bucket.Reserve(state, Make.Ask(Terms, edge, 1, 0, 9_000, new Want(Make.Minute, 1, 6, 6)), now);
        Spend[][] used = [[], []];
        for (var i = 0; i < 4; i++)
        {
            now += dice.Next(0, 900);
            var spend = new Spend(now, dice.Next(1, 3));
            used[i % 2] = [.. used[i % 2], spend];
            spent.Add(spend);
        }
        var first = dice.Of(1UL, 2UL);
        foreach (var edge in new[] { first, 3 - first })
        {
            now += dice.Next(0, 900);
            var told = Make.Ask(Terms, edge, 2, 1, 0) with { Reports = [Make.Report(1, [.. used[edge - 1]])] };
            (_, state) = Bucket.Reserve(state, told, now);
        }
        var (at, known) = spent[0];
        spent[0] = new Spend(at, 0);
        (_, state) = Bucket.Charge(state, new ChargeRequest(7, at, known, 0, [Make.Minute], Terms), now);

        // Every lease has ended and nothing of it is missing that was not spent.
        foreach (var edge in new[] { 1UL, 2UL })
        {
            var rest = 6 - used[edge - 1].Sum(spend => spend.Tokens);
            var back = Make.Ask(Terms, edge, 3, 2, 0) with { Reports = [Make.Report(1, [], rest)] };
            (_, state) = Bucket.Reserve(state, back, now);
        }
        Make.FreeAt(state, Terms, now).ShouldBeLessThanOrEqualTo(LeftOf(spent, now));
    });

    [Fact]
    public void Spendings_that_are_reported_together_leave_the_same_and_refunds_of_them_no_more() =>
        Seeds.Each(1_000, dice =>
        {
            var (now, log, spent) = (Make.Start, default(SpendLog), new List<Spend>());
            var (reply, state) = Bucket.Reserve(
                null, Make.Ask(Terms, 1, 1, 0, 30_000, new Want(Make.Minute, 1, 20, 20)), now);
            for (var held = reply.Limits[0].Granted; held > 0;)
            {
                now += dice.Next(0, dice.Percent(80) ? 500 : 2_000);
                var tokens = Math.Min(held, dice.Next(1, 2));
                held -= tokens;
                spent.Add(new Spend(now, tokens));
                log.AddRefilled(now, tokens, Capacity, WindowMs);
            }
            var told = Make.Ask(Terms, 1, 2, 1, 0) with { Reports = [Make.Report(1, log.ToReport())] };
            (_, state) = Bucket.Reserve(state, told, now);
            Make.FreeAt(state, Terms, now).ShouldBe(LeftOf(spent, now));
            for (var i = 0; i < spent.Count; i++)
            {
                if (dice.Percent(50)) continue;
                var charge = new ChargeRequest(
                    (ulong)i, spent[i].At, spent[i].Tokens, 0, [Make.Minute], Terms);
                spent[i] = spent[i] with { Tokens = 0 };
                (_, state) = Bucket.Charge(state, charge, now);
                Make.FreeAt(state, Terms, now).ShouldBeLessThanOrEqualTo(LeftOf(spent, now));
            }
        });

    [Fact]
    public void A_state_of_the_second_format_is_read_and_refunds_nothing_that_was_spent_before()
    {
        // 6 tokens spent at the start.
        var state = BucketCodec.Decode(Convert.FromHexString(
            "0280E8E6D7F133010101066D696E75746503904E000064010015E0D40380E8E6D7F1330000001501010101"
            + "0000020000000000"));

        (_, state) = Bucket.Charge(
            state, new ChargeRequest(7, Make.At(0), 6, 0, [Make.Minute], Terms), Make.At(1));
        Make.FreeAt(state, Terms, Make.At(1)).ShouldBe(16, "two came by refill");
        (_, state) = Bucket.Reserve(state, Make.Ask(Terms, 1, 2, 1, 0, Make.Want(5)), Make.At(1));
        (_, state) = Bucket.Charge(
            state, new ChargeRequest(8, Make.At(1), 5, 1, [Make.Minute], Terms), Make.At(1));

        Make.FreeAt(state, Terms, Make.At(1)).ShouldBe(15);
        BucketCodec.Encode(state)[0].ShouldBe(BucketCodec.Format);
    }

    private static void Run(Dice dice, int spendings, bool exactly)
    {
        var (now, number) = (Make.Start, 0L);
        var spent = new List<Spend>();
        BucketState? state = null;
        while (spent.Count < spendings)
        {
            now += dice.Next(0, 1_500);
            var cost = dice.Next(1, 8);
            var ask = Make.Ask(Terms, 1, ++number, number - 1, 0, Make.Want(cost));
            (var reply, state) = Bucket.Reserve(state, ask, now);
            if (reply.Outcome == ReserveOutcome.Granted) spent.Add(new Spend(now, cost));
            if (spent.Count == 0 || dice.Percent(60)) continue;
            var corrected = (int)dice.Next(Math.Max(0, spent.Count - 8), spent.Count - 1);
            var (at, known) = spent[corrected];
            var trueCost = dice.Next(0, known);
            spent[corrected] = new Spend(at, trueCost);
            var charge = new ChargeRequest((ulong)++number, at, known, trueCost, [Make.Minute], Terms);
            (_, state) = Bucket.Charge(state, charge, now);

            var left = Make.FreeAt(state, Terms, now);
            if (exactly) left.ShouldBe(LeftOf(spent, now));
            else left.ShouldBeLessThanOrEqualTo(LeftOf(spent, now));
        }
    }

    private static long LeftOf(List<Spend> spent, Instant now)
    {
        var plain = new PlainTokenBucket(Capacity, Capacity, WindowMs, Make.Start);
        foreach (var (at, tokens) in spent) plain.Spend(at, tokens);
        return plain.Remaining(now);
    }
}
