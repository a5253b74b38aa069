using Limiter.Domain;
using Limiter.Domain.Escrow;
using Limiter.Domain.Policies;
using Limiter.Functions.Tests.Kit;

namespace Limiter.Functions.Tests.Entities;

public sealed class RequestCodecTests
{
    private static readonly Instant Now = Instant.From(Edges.Start);

    [Fact]
    public void A_reserve_is_read_as_it_was_written()
    {
        var request = Asks.Reserve(ulong.MaxValue, 12, 5) with
        {
            LastReceived = 11,
            LastGranted = 9,
            Reports =
            [
                new LeaseReport(3, [new LimitReport(LimitId.Day, [new Spend(Now, 2), new Spend(Now + 9, 1)], 4)]),
                new LeaseReport(2, [new LimitReport(Asks.Limit("gone"), [new Spend(Now + -5, 1)], 0)]),
            ],
            Owed =
            [
                new Owed(Asks.Limit("minute"), [new Spend(Now + -9, 4), new Spend(Now, 2)]),
                new Owed(Asks.Limit("gone"), 1),
            ],
        };
        var bytes = RequestCodec.Encode(request);
        bytes.Length.ShouldBeLessThan(150);
        var read = RequestCodec.DecodeReserve(bytes);
        RequestCodec.Encode(read).ShouldBe(bytes);
        (read.Edge, read.Number, read.LastReceived, read.LifetimeMs).ShouldBe((request.Edge, 12, 11, 10_000));
        read.LastGranted.ShouldBe(9);
        read.Reports[1].Limits[0].Limit.ShouldBe(Asks.Limit("gone"));
        read.Reports[0].Limits[0].Spends.ShouldBe(request.Reports[0].Limits[0].Spends);
        read.Wants.ShouldBe(request.Wants);
        read.Owed.Select(owed => owed.Limit).ShouldBe([Asks.Limit("minute"), Asks.Limit("gone")]);
        read.Owed[0].Spends.ShouldBe(request.Owed[0].Spends);
        read.Owed[1].Spends.ShouldBe([new Spend(Instant.Never, 1)]);
        read.Terms.Limits.ShouldBe(Asks.Ten.Limits);
    }

    [Fact]
    public void A_reserve_of_the_first_format_took_every_reply_for_granted()
    {
        // A byte each: the format, the edge, the number, the last received; then the second format's last granted.
        var bytes = RequestCodec.Encode(Asks.Reserve(1, 7, 2) with { LastReceived = 6, LastGranted = 5 });
        bytes[4].ShouldBe((byte)5);
        byte[] first = [1, .. bytes[1..4], .. bytes[5..]];
        var read = RequestCodec.DecodeReserve(first);
        (read.Number, read.LastReceived, read.LastGranted).ShouldBe((7, 6, 6));
        read.Terms.Limits.ShouldBe(Asks.Ten.Limits);
    }

    [Fact]
    public void A_reserve_of_the_second_format_did_not_tell_when_tokens_were_admitted_without_a_grant()
    {
        var bytes = RequestCodec.Encode(Asks.Reserve(1, 7, 2));
        // It ends with what is owed: how many limits, then of each its position and the tokens.
        bytes[^1].ShouldBe((byte)0);
        var read = RequestCodec.DecodeReserve([2, .. bytes[1..^1], 1, 1, 6]);
        read.Owed.ShouldHaveSingleItem().Limit.ShouldBe(Asks.Ten.Limits[0].Rule.Id);
        read.Owed[0].Spends.ShouldBe([new Spend(Instant.Never, 6)]);
    }

    [Fact]
    public void A_request_of_a_newer_format_is_refused()
    {
        var bytes = RequestCodec.Encode(Asks.Reserve(1, 7, 2));
        bytes[0] = RequestCodec.Format + 1;
        Should.Throw<Limiter.Domain.Buckets.BucketFormatException>(() => RequestCodec.DecodeReserve(bytes));
    }

    [Fact]
    public void A_charge_is_read_as_it_was_written()
    {
        var request = Asks.Charge(77, Now, 1, 9);
        var read = RequestCodec.DecodeCharge(RequestCodec.Encode(request));
        (read.Id, read.SpentAt, read.Cost, read.TrueCost).ShouldBe((77ul, Now, 1, 9));
        read.Limits.ShouldBe(request.Limits);
        read.Terms.Version.ShouldBe(request.Terms.Version);
    }
}
