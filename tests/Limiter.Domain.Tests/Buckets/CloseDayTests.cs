using Limiter.Domain.Buckets;
using Limiter.Domain.Escrow;
using Limiter.Domain.Policies;

namespace Limiter.Domain.Tests.Buckets;

public sealed class CloseDayTests
{
    private const long HourMs = 60 * 60 * 1000;

    private static readonly Terms Terms = Make.Terms(1, (LimitRule.Day, Schedule.Constant(10)));
    private static readonly Instant Tomorrow = Hour(24);

    [Fact]
    public void A_day_tells_what_it_charged_once_it_is_over()
    {
        var state = Spend(null, 1, 7, Hour(9));
        Bucket.CloseDay(state, Make.Start, Hour(23)).ShouldBeNull();
        Bucket.CloseDay(state, Make.Start, Tomorrow).ShouldBe(7);
        Bucket.CloseDay(state, Tomorrow, Hour(30)).ShouldBeNull();
        state = Spend(state, 2, 2, Hour(30));
        Bucket.CloseDay(state, Make.Start, Hour(30)).ShouldBe(7);
        state = Spend(state, 3, 1, Hour(60));
        Bucket.CloseDay(state, Tomorrow, Hour(60)).ShouldBe(2);
        Bucket.CloseDay(state, Make.Start, Hour(60)).ShouldBeNull();
    }

    [Fact]
    public void What_a_day_carries_over_counts_only_with_the_day_that_charged_it()
    {
        var state = Overdraw(Spend(null, 1, 8, Hour(23)), Hour(23), 33);
        Bucket.CloseDay(state, Make.Start, Hour(25)).ShouldBe(33);
        Bucket.CloseDay(state, Tomorrow, Hour(48)).ShouldBe(0);
        // On the third day after, 3 of the debt are left.
        state = Spend(state, 3, 4, Hour(73));
        Bucket.CloseDay(state, Hour(72), Hour(96)).ShouldBe(4);
        Bucket.CloseDay(state, Hour(48), Hour(96)).ShouldBe(0);
    }

    [Fact]
    public void A_refund_of_yesterday_lessens_yesterday_and_what_it_carried_over()
    {
        var state = Overdraw(Spend(null, 1, 8, Hour(24) + -1000), Hour(24) + -1000, 13);
        state = Spend(state, 2, 4, Hour(24) + 1000);
        var refund = new ChargeRequest(9, Hour(24) + -1000, 8, 6, [LimitId.Day], Terms);
        (_, state) = Bucket.Charge(state, refund, Hour(24) + 2000);
        Bucket.CloseDay(state, Make.Start, Hour(25)).ShouldBe(11);
        Bucket.CloseDay(state, Tomorrow, Hour(48)).ShouldBe(4);
    }

    [Fact]
    public void A_state_of_the_first_format_is_read_and_tells_its_days_apart()
    {
        // 8 tokens corrected to 13 on a day of 10, then 4 on the next.
        var state = BucketCodec.Decode(Convert.FromHexString(
            "0180FDDB82F2330101020440646179010001000001000B066D696E75746500E0D40300000001006580A08081F23307000300"
            + "80B899290D000080FDDB82F23304000000E0D4030000000101020000020000000000"));
        Bucket.CloseDay(state, Make.Start, Hour(25)).ShouldBe(13);
        Bucket.CloseDay(state, Tomorrow, Hour(48)).ShouldBe(4);
        BucketCodec.Encode(state)[0].ShouldBe(BucketCodec.Format);
    }

    private static Instant Hour(int hours) => Make.Start + hours * HourMs;

    private static BucketState Spend(BucketState? state, long number, long tokens, Instant at) => Bucket.Reserve(
        state, Make.Ask(Terms, 1, number, 0, 0, Make.Want(tokens, LimitId.Day)), at).Next;

    private static BucketState Overdraw(BucketState state, Instant spentAt, long trueCost) =>
        Bucket.Charge(state, new ChargeRequest(7, spentAt, 8, trueCost, [LimitId.Day], Terms), spentAt + 1).Next;
}
