using System.Collections.Immutable;
using FsCheck;
using FsCheck.Fluent;
using Limiter.Domain.Buckets;
using Limiter.Domain.Escrow;
using Limiter.Domain.Policies;
using Limiter.Domain.Tests.Escrow;

namespace Limiter.Domain.Tests.Buckets;

public sealed class BucketCodecTests(ITestOutputHelper output)
{
    [Fact]
    public void What_was_stored_behaves_like_what_was_kept() => Seeds.Each(300, dice =>
    {
        var terms = Make.Terms(
            1,
            (dice.Of(Make.Sliding(), Make.Fixed(), Make.Token()), Schedule.Of(
                new Schedule.Step(Make.At(dice.Next(1, 100)), dice.Next(0, 50)),
                new Schedule.Step(Instant.Never, dice.Next(5, 50)))),
            (LimitRule.Sliding(Make.Other, 20_000), Schedule.Constant(dice.Next(5, 50))),
            (LimitRule.Day, Schedule.AlwaysUnlimited));
        var edges = new[] { new TestEdge(1, terms), new TestEdge(2, terms), new TestEdge(3, terms) };
        var now = Make.Start;
        BucketState? kept = null;
        BucketState? stored = null;
        for (var i = 0; i < 60; i++)
        {
            now += dice.Next(0, 5_000);
            var edge = dice.Of(edges);
            var cost = dice.Next(1, 9);
            ImmutableArray<Want> wants = [.. terms.Limits.Select(
                limit => new Want(limit.Rule.Id, cost, cost, cost + dice.Next(0, 20)))];
            if (edge.TrySpend(now, wants)) continue;
            var request = edge.Send(now, wants, dice.Next(0, 30_000), dice.Percent(50));
            (var reply, kept) = Bucket.Reserve(kept, request, now);
            (var again, stored) = Bucket.Reserve(stored, request, now);
            Alike(again, reply);
            if (dice.Percent(80)) edge.Receive(reply, now);
            var charge = new ChargeRequest((ulong)i, now, cost, dice.Next(0, 12), [Make.Minute, Make.Other], terms);
            if (dice.Percent(20))
                (kept, stored) = (Bucket.Charge(kept, charge, now).Next, Bucket.Charge(stored, charge, now).Next);
            var bytes = BucketCodec.Encode(stored);
            stored = BucketCodec.Decode(bytes);
            BucketCodec.Encode(stored).ShouldBe(bytes);
            BucketCodec.Encode(kept).ShouldBe(bytes);
        }
    });

    [Fact]
    public void The_third_format_did_not_tell_the_number_of_the_window_before()
    {
        // 30 of 100 granted in the minute before, 7 in this one.
        var stored = Convert.FromHexString(
            "03c8c4ead7f133010101066d696e75746500e0d403000000010065e0bcead7f13307000000e0d4031e000000b98e03010202"
            + "0000020000000000");
        var terms = Make.Terms(Make.Fixed(), 100);
        var ask = Make.Ask(terms, 1, 1, 0, 0) with { Owed = [new Owed(Make.Minute, [new Spend(Make.At(50), 80)])] };

        var (_, state) = Bucket.Reserve(BucketCodec.Decode(stored), ask, Make.At(62));

        Make.FreeAt(state, terms, Make.At(62)).ShouldBe(83, "7 of this minute, 10 beyond the one before");
    }

    [Fact]
    public void A_newer_format_is_refused() =>
        Should.Throw<BucketFormatException>(() => BucketCodec.Decode([BucketCodec.Format + 1, 0, 0, 0]))
            .Message.ShouldContain($"format {BucketCodec.Format + 1}");

    [Fact]
    public void Random_bytes_are_refused_and_never_break_anything_else() =>
        Check.One(
            Config.QuickThrowOnFailure.WithMaxTest(3_000),
            Prop.ForAll<byte[]>(bytes => IsReadOrRefused([BucketCodec.Format, .. bytes]) && IsReadOrRefused(bytes)));

    [Fact]
    public void Damaged_bytes_are_refused_or_read()
    {
        var sound = BucketCodec.Encode(Crowd(2, Waqti()));
        Seeds.Each(20_000, dice => IsReadOrRefused(Damaged(dice, sound)).ShouldBeTrue());
    }

    private static byte[] Damaged(Dice dice, byte[] sound)
    {
        byte[] bytes = [.. sound];
        for (var flips = dice.Next(1, 4); flips > 0; flips--)
            bytes[dice.Next(1, bytes.Length - 1)] = (byte)dice.Next(0, 255);
        return dice.Percent(20) ? bytes[..(int)dice.Next(0, bytes.Length)] : bytes;
    }

    [Fact]
    public void Stored_states_stay_small()
    {
        var waqti = BucketCodec.Encode(Crowd(8, Waqti())).Length;
        var idle = BucketCodec.Encode(Crowd(1, Waqti())).Length;
        var rules = new (LimitRule, Schedule)[20];
        for (var i = 0; i < rules.Length; i++)
            rules[i] = (LimitRule.Sliding(Make.Id($"limit-{i:00}"), 3_600_000), Schedule.Constant(1_000_000));
        var great = BucketCodec.Encode(Crowd(64, Make.Terms(1, rules))).Length;

        output.WriteLine($"Waqti, 1 edge: {idle} bytes; 8 edges: {waqti} bytes. 20 limits, 64 edges: {great} bytes.");
        idle.ShouldBeLessThan(512);
        waqti.ShouldBeLessThan(4 * 1024);
        great.ShouldBeLessThan(48 * 1024);
    }

    private static bool IsReadOrRefused(byte[] bytes)
    {
        try
        {
            return BucketCodec.Decode(bytes) is not null;
        }
        catch (BucketFormatException)
        {
            return true;
        }
    }

    private static void Alike(ReserveReply stored, ReserveReply kept)
    {
        (stored with { Limits = [] }).ShouldBe(kept with { Limits = [] });
        for (var i = 0; i < kept.Limits.Length; i++)
        {
            var (left, right) = (stored.Limits[i].Outlook, kept.Limits[i].Outlook);
            left.Releases.ShouldBe(right.Releases);
            stored.Limits[i].Granted.ShouldBe(kept.Limits[i].Granted);
            (left.Number, left.Free, left.FreeAt, left.LevelMax)
                .ShouldBe((right.Number, right.Free, right.FreeAt, right.LevelMax));
        }
    }

    private static Terms Waqti() => Make.Terms(
        1,
        (LimitRule.Sliding(Make.Minute, 60_000), Schedule.Constant(1_000)),
        (LimitRule.Day, Schedule.Constant(100_000)));

    // Busy for a window: every slot in use, every edge with a lease that has been used.
    private static BucketState Crowd(int edges, Terms terms)
    {
        BucketState? state = null;
        var window = Math.Max(60_000, terms.Limits[0].Rule.WindowMs);
        for (var round = 1; round <= 61; round++)
        {
            var now = Make.Start + (round * window / 60);
            for (var i = 1; i <= edges; i++)
            {
                ImmutableArray<Want> wants = [.. terms.Limits.Select(limit => new Want(limit.Rule.Id, 1, 2, 900))];
                var edge = 0xABCD_EF01_2345_0000UL + (ulong)i;
                var request = Make.Ask(terms, edge, round, round - 1, 30_000, wants);
                var opened = round - 1;
                if (opened > 0)
                {
                    request = request with
                    {
                        Reports = [new LeaseReport(opened, [.. terms.Limits.Select(
                            limit => new LimitReport(limit.Rule.Id, [new Spend(now, 1)], 0))])],
                    };
                }
                (_, state) = Bucket.Reserve(state, request, now);
            }
        }
        return state!;
    }
}
