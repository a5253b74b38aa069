using Limiter.Domain.Buckets;
using Limiter.Domain.Escrow;
using Limiter.Domain.Policies;
using Limiter.Domain.Tests.Buckets;

namespace Limiter.Domain.Tests.Escrow;

public sealed class ReplyCodecTests
{
    public static TheoryData<LimitRule> Rules => [Make.Fixed(), Make.Sliding(), Make.Token()];

    [Theory]
    [MemberData(nameof(Rules))]
    public void A_reply_is_read_as_it_was_written(LimitRule rule)
    {
        var terms = Make.Terms(rule, 10);
        BucketState? state = null;
        // Granted, granted with less left, denied, and never.
        long[] costs = [3, 4, 5, 11];
        for (var number = 1; number <= costs.Length; number++)
        {
            var request = Make.Ask(terms, 7, number, number - 1, number % 2 * 10_000, Make.Want(costs[number - 1]));
            (var reply, state) = Bucket.Reserve(state, request, Make.At(number));
            var bytes = ReplyCodec.Encode(reply);
            bytes.Length.ShouldBeLessThan(120);
            var read = ReplyCodec.Decode(bytes);
            ReplyCodec.Encode(read).ShouldBe(bytes);
            (read with { Limits = [] }).ShouldBe(reply with { Limits = [] });
            read.Limits.Length.ShouldBe(1);
            read.Limits[0].Granted.ShouldBe(reply.Limits[0].Granted);
            var (told, meant) = (read.Limits[0].Outlook, reply.Limits[0].Outlook);
            told.Releases.ShouldBe(meant.Releases);
            (told with { Releases = meant.Releases }).ShouldBe(meant);
        }
    }

    [Fact]
    public void A_slot_below_zero_is_told_as_such_while_the_corrected_spending_is_still_in_a_lease()
    {
        var terms = Make.Terms(Make.Sliding(), 20);
        var (_, state) = Bucket.Reserve(null, Make.Ask(terms, 1, 1, 0, 30_000, Make.Want(10)), Make.At(0));
        (_, state) = Bucket.Charge(state, new ChargeRequest(1, Make.At(1), 10, 6, [Make.Minute], terms), Make.At(2));
        var (reply, _) = Bucket.Reserve(state, Make.Ask(terms, 2, 1, 0, 0, Make.Want(1)), Make.At(40));
        reply.Limits[0].Outlook.Releases[0].Tokens.ShouldBe(-4);

        var read = ReplyCodec.Decode(ReplyCodec.Encode(reply));

        read.Limits[0].Outlook.Releases.ShouldBe(reply.Limits[0].Outlook.Releases);
    }

    [Fact]
    public void A_reply_that_is_cut_off_or_goes_on_is_refused()
    {
        var (reply, _) = Bucket.Reserve(
            null, Make.Ask(Make.Terms(Make.Sliding(), 10), 7, 1, 0, 10_000, Make.Want(1)), Make.Start);
        var bytes = ReplyCodec.Encode(reply);
        for (var length = 0; length < bytes.Length; length++)
            Should.Throw<BucketFormatException>(() => ReplyCodec.Decode(bytes.AsSpan(0, length)));
        Should.Throw<BucketFormatException>(() => ReplyCodec.Decode([.. bytes, 0]));
        bytes[0]++;
        Should.Throw<BucketFormatException>(() => ReplyCodec.Decode(bytes));
    }

    [Fact]
    public void A_bucket_s_name_is_read_as_it_was_written()
    {
        string[] names = ["t:acme:", "k:acme:k1", "i:acme:203.0.113.9", "t::2001:db8::/64"];
        foreach (var name in names)
        {
            BucketId.TryDecode(name, out var id).ShouldBeTrue(name);
            id.Encode().ShouldBe(name);
        }
        foreach (var wrong in new[] { "", "t", "t:", "t:acme", "x:acme:", "t:a b:", "tacme::", new string('t', 300) })
            BucketId.TryDecode(wrong, out _).ShouldBeFalse(wrong);
    }
}
