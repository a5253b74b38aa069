using Limiter.Domain;
using Limiter.Domain.Usage;
using Limiter.Engine.Ports;

namespace Limiter.Conformance.Usage;

/// <summary>What every adapter of <see cref="IUsageStore"/> does with what is summed up.</summary>
public abstract class UsageTotalsConformance : UsageStoreConformance
{
    private UsagePeriod Hour => UsagePeriod.Of(UsageGrain.Hour, Now);

    private UsagePeriod Day => Hour.In(UsageGrain.Day);

    private UsagePeriod Month => Hour.In(UsageGrain.Month);

    [Fact]
    public async Task A_total_is_added_once_and_says_whose_was_there_already()
    {
        (await Usage.AddTotalsAsync([Counted.Total("acme", Hour, 5)], Cancellation)).ShouldBeEmpty();
        var there = await Usage.AddTotalsAsync(
            [Counted.Total("acme", Hour, 6), Counted.Total("beta", Hour, 7)], Cancellation);
        there.ShouldHaveSingleItem().ShouldBe(Counted.Tenant("acme"));
        (await FindAsync("acme", Hour)).Total.Sheet.Total.Cost.ShouldBe(5);
        (await FindAsync("beta", Hour)).Total.Sheet.Total.Cost.ShouldBe(7);
    }

    [Fact]
    public async Task A_total_is_replaced_only_in_the_version_that_was_read()
    {
        await Usage.AddTotalsAsync([Counted.Total("acme", Hour, 5)], Cancellation);
        var first = await FindAsync("acme", Hour);
        (await Usage.ReplaceTotalAsync(Counted.Total("acme", Hour, 6), first.Version, Cancellation)).ShouldBeTrue();
        (await Usage.ReplaceTotalAsync(Counted.Total("acme", Hour, 7), first.Version, Cancellation)).ShouldBeFalse();
        var second = await FindAsync("acme", Hour);
        second.Total.Sheet.Total.Cost.ShouldBe(6);
        (await Usage.ReplaceTotalAsync(Counted.Total("nobody", Hour, 7), second.Version, Cancellation)).ShouldBeFalse();
    }

    [Theory]
    [InlineData(12L)]
    [InlineData(null)]
    public async Task A_day_keeps_what_was_charged(long? charged)
    {
        var day = new DailyUsage(Counted.Tenant("acme"), Day.Start, Counted.Sheet(11), charged);
        await Usage.AddTotalsAsync([day], Cancellation);
        var found = (await FindAsync("acme", Day)).Total.ShouldBeOfType<DailyUsage>();
        (found with { Sheet = day.Sheet }).ShouldBe(day);
        found.Counted.ShouldBe(11);
    }

    [Fact]
    public async Task Totals_are_listed_by_grain_and_time_across_pages()
    {
        for (var i = 0; i < 50; i++)
            await Usage.AddTotalsAsync(
                [Counted.Total("acme", UsagePeriod.Of(UsageGrain.Hour, Now + i * UsagePeriod.HourMs), i + 1)],
                Cancellation);
        await Usage.AddTotalsAsync([Counted.Day("acme", Day, 1_000)], Cancellation);
        await Usage.AddTotalsAsync([Counted.Total("acme", Month, 2_000)], Cancellation);
        await Usage.AddTotalsAsync(
            [Counted.Total("acme", UsagePeriod.Of(UsageGrain.Month, Month.End), 3_000)], Cancellation);
        var hours = await Counted.TotalsAsync(
            Usage, "acme", UsageGrain.Hour, Now + UsagePeriod.HourMs, Now + 49 * UsagePeriod.HourMs, take: 5);
        hours.Select(total => total.Sheet.Total.Cost).ShouldBe(Enumerable.Range(2, 48).Select(cost => (long)cost));
        var days = await Counted.TotalsAsync(Usage, "acme", UsageGrain.Day, Month.Start, Month.End);
        days.ShouldHaveSingleItem().Sheet.Total.Cost.ShouldBe(1_000);
        var months = await Counted.TotalsAsync(Usage, "acme", UsageGrain.Month, Month.Start, Month.End + 1, take: 1);
        months.Select(total => total.Sheet.Total.Cost).ShouldBe([2_000, 3_000]);
    }

    [Fact]
    public async Task Hours_are_the_parts_of_their_day_and_days_those_of_their_month()
    {
        await Usage.AddTotalsAsync([Counted.Total("acme", Hour, 1), Counted.Total("", Hour, 2)], Cancellation);
        await Usage.AddTotalsAsync([Counted.Total("acme", Hour with { Start = Hour.End }, 4)], Cancellation);
        await Usage.AddTotalsAsync([Counted.Day("acme", Day, 8)], Cancellation);
        var day = await Counted.PartsAsync(Usage, Day, take: 1);
        day.Where(part => part.Tenant == Counted.Tenant("acme")).Sum(part => part.Sheet.Total.Cost).ShouldBe(5);
        day.Single(part => part.Tenant == default).Sheet.Total.Cost.ShouldBe(2);
        (await Counted.PartsAsync(Usage, Month)).ShouldHaveSingleItem().Sheet.Total.Cost.ShouldBe(8);
        (await Usage.FirstAsync(UsageGrain.Day, new Instant(0), Cancellation)).ShouldBe(Day);
        (await Usage.FirstAsync(UsageGrain.Month, Month.Start, Cancellation)).ShouldBe(Month);
        (await Usage.FirstAsync(UsageGrain.Month, Month.End, Cancellation)).ShouldBeNull();
    }

    [Fact]
    public async Task Progress_moves_only_ahead_and_by_grain()
    {
        (await Usage.ProgressAsync(UsageGrain.Hour, Cancellation)).ShouldBeNull();
        await Usage.SaveProgressAsync(UsageGrain.Hour, Hour.End, Cancellation);
        await Usage.SaveProgressAsync(UsageGrain.Hour, Hour.Start, Cancellation);
        (await Usage.ProgressAsync(UsageGrain.Hour, Cancellation)).ShouldBe(Hour.End);
        (await Usage.ProgressAsync(UsageGrain.Day, Cancellation)).ShouldBeNull();
    }

    [Fact]
    public async Task A_thousand_totals_are_added_in_one_go()
    {
        var totals = Enumerable.Range(0, IUsageStore.SaveMax).Select(i => Counted.Total($"t{i}", Hour, i)).ToList();
        (await Usage.AddTotalsAsync(totals, Cancellation)).ShouldBeEmpty();
        (await Usage.AddTotalsAsync(totals, Cancellation)).Count.ShouldBe(IUsageStore.SaveMax);
        (await Counted.PartsAsync(Usage, Day)).Sum(part => part.Sheet.Total.Cost)
            .ShouldBe(totals.Sum(total => total.Sheet.Total.Cost));
    }

    private async Task<StoredTotal> FindAsync(string tenant, UsagePeriod period)
    {
        var page = await Usage.ListTotalsAsync(
            Counted.Tenant(tenant), period.Grain, period.Start, period.End, null, 10, Cancellation);
        return page.Items.ShouldHaveSingleItem();
    }
}
