using Limiter.Domain;
using Limiter.Domain.Buckets;
using Limiter.Domain.Escrow;
using Limiter.Domain.Usage;
using Limiter.Engine.Ports;

namespace Limiter.Conformance.Buckets;

/// <summary>What every adapter of <see cref="IDayCharges"/> does.</summary>
public abstract class DayChargesConformance : SweepConformance
{
    private static readonly BucketId Acme = Requests.BucketOf("acme");
    private static readonly Instant Today = Instant.From(Times.Start);
    private static readonly Instant Tomorrow = Today + UsagePeriod.DayMs;

    private IDayCharges Days => (IDayCharges)Buckets;

    [Fact]
    public async Task A_day_is_told_when_it_is_over()
    {
        await SpendAsync(1, 7);
        AdvanceTo(Tomorrow + -1);
        (await CloseAsync(Today)).ShouldBeNull();
        AdvanceTo(Tomorrow);
        (await CloseAsync(Today)).ShouldBe(7);
        (await CloseAsync(Tomorrow)).ShouldBeNull();
    }

    [Fact]
    public async Task A_day_is_known_until_the_one_after_the_next()
    {
        await SpendAsync(1, 7);
        AdvanceTo(Tomorrow);
        await SpendAsync(2, 3);
        (await CloseAsync(Today)).ShouldBe(7);
        AdvanceTo(Tomorrow + UsagePeriod.DayMs);
        await SpendAsync(3, 1);
        (await CloseAsync(Tomorrow)).ShouldBe(3);
        (await CloseAsync(Today)).ShouldBeNull();
    }

    [Fact]
    public async Task A_day_that_a_bucket_has_gone_past_unasked_is_not_known()
    {
        await SpendAsync(1, 7);
        AdvanceTo(Tomorrow + UsagePeriod.DayMs);
        await SpendAsync(2, 3);
        (await CloseAsync(Today)).ShouldBeNull();
        (await CloseAsync(Tomorrow)).ShouldBe(0);
    }

    [Fact]
    public async Task A_bucket_that_never_was_knows_no_day()
    {
        AdvanceTo(Tomorrow);
        (await CloseAsync(Today)).ShouldBeNull();
    }

    [Fact]
    public async Task What_was_told_stays_when_tokens_of_the_day_come_back()
    {
        AdvanceTo(Tomorrow + -1_000);
        await SpendAsync(1, 8);
        AdvanceTo(Tomorrow + 60_000);
        (await CloseAsync(Today)).ShouldBe(8);
        await RefundAsync(1, 5);
        await SpendAsync(2, 1);
        (await CloseAsync(Today)).ShouldBe(8);
        // The same correction counts when it comes in time.
        AdvanceTo(Tomorrow + UsagePeriod.DayMs + -1_000);
        await SpendAsync(3, 8);
        AdvanceTo(Tomorrow + UsagePeriod.DayMs);
        await RefundAsync(2, 5);
        (await CloseAsync(Tomorrow)).ShouldBe(4);
    }

    [Fact]
    public async Task Many_who_ask_at_once_are_told_the_same_whatever_comes_back_meanwhile()
    {
        AdvanceTo(Tomorrow + -1_000);
        await SpendAsync(1, 9);
        AdvanceTo(Tomorrow);
        var refunds = Enumerable.Range(1, 8)
            .Select(check => Task.Run(() => RefundAsync((ulong)check, 1), Cancellation)).ToArray();
        var charged = await Task.WhenAll(
            Enumerable.Range(0, 16).Select(_ => Task.Run(() => CloseAsync(Today), Cancellation)));
        await Task.WhenAll(refunds);
        charged.Distinct().ShouldHaveSingleItem().ShouldNotBeNull().ShouldBeInRange(1, 9);
    }

    private Task<long?> CloseAsync(Instant day) => Days.CloseDayAsync(Acme, day, Cancellation).AsTask();

    private async Task SpendAsync(ulong edge, long tokens) =>
        await ReserveAsync(Acme, edge, 1, Requests.PerFixedMinute(10), tokens);

    /// <summary>Corrects the cost of a check of half a second before the day's end.</summary>
    private async Task RefundAsync(ulong check, long tokens)
    {
        var now = Instant.From(Clock.GetUtcNow());
        var spentAt = UsagePeriod.Of(UsageGrain.Day, now).Start + -500;
        var request = Requests.Charge(check, spentAt, tokens, 0, Requests.PerFixedMinute(10));
        (await Buckets.ChargeAsync(Acme, request, Cancellation)).ShouldBe(ChargeOutcome.Applied);
    }

    private void AdvanceTo(Instant time) => Clock.AdvanceTo(time.ToDateTimeOffset());
}
