using Limiter.Domain;
using Limiter.Domain.Usage;
using Limiter.Engine.Ports;
using Limiter.Engine.Usage;

namespace Limiter.Conformance.Usage;

/// <summary>
/// What every adapter of <see cref="IUsageStore"/> tells of a minute, and how it lets go of what is old.
/// </summary>
public abstract class UsageKeepingConformance : UsageTotalsConformance
{
    private UsagePeriod Hour => UsagePeriod.Of(UsageGrain.Hour, Now);

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(IUsageStore.PageMax)]
    public async Task The_rows_of_some_minutes_come_of_all_tenants_once_and_no_others(int take)
    {
        var names = Enumerable.Range(0, 9).Select(i => $"t{i}").Append("").ToArray();
        foreach (var minute in Enumerable.Range(-1, 7))
            await Usage.SaveRowsAsync(
                [
                    .. names.SelectMany(name => new[] { 1UL, 2UL }.Select(edge => Counted.Row(
                        name, Hour.Start + minute * UsagePeriod.MinuteMs, edge, minute + 2))),
                ],
                Cancellation);
        // A tenant that was there only before, and one only after.
        await Usage.SaveRowsAsync(
            [
                Counted.Row("t3a", Hour.Start, 1, 99),
                Counted.Row("t3b", Hour.End + -UsagePeriod.MinuteMs, 1, 99),
            ],
            Cancellation);
        var (from, until) = (Hour.Start + UsagePeriod.MinuteMs, Hour.Start + 3 * UsagePeriod.MinuteMs);
        var parts = await Counted.MinutesAsync(Usage, from, until, take);
        parts.Select(part => (part.Tenant.Text, part.Start, part.Sheet.Total.Cost)).ShouldBe(
            names.SelectMany(name => new[] { 1, 2, 1, 2 }.Order().Select(minute =>
                (name, Hour.Start + minute * UsagePeriod.MinuteMs, minute + 2L))),
            ignoreOrder: true);
        Counted.Runs([.. parts.Select(part => part.Tenant)]).Count().ShouldBe(names.Length);
        (await Usage.ListMinutesAsync(from, from, null, take, Cancellation)).Items.ShouldBeEmpty();
    }

    [Fact]
    public async Task Minutes_of_two_hours_are_not_asked_for_at_once() =>
        await Should.ThrowAsync<ArgumentOutOfRangeException>(async () => await Usage.ListMinutesAsync(
            Hour.Start, Hour.End + UsagePeriod.MinuteMs, null, 10, Cancellation));

    [Fact]
    public async Task Rows_of_old_hours_are_deleted_in_steps_and_all_others_stay()
    {
        var rows = Enumerable.Range(0, 5).SelectMany(hour => Enumerable.Range(0, 30).Select(i => Counted.Row(
            $"t{i % 4}", Hour.Start + hour * UsagePeriod.HourMs + i * UsagePeriod.MinuteMs, (ulong)i, 1)));
        await Usage.SaveRowsAsync([.. rows], Cancellation);
        var before = Hour.Start + 2 * UsagePeriod.HourMs;
        var steps = await DeleteAllAsync(UsageGrain.Minute, before, take: 25);
        steps.Sum().ShouldBe(60);
        steps.ShouldAllBe(gone => gone <= 25);
        (await Usage.FirstAsync(UsageGrain.Hour, new Instant(0), Cancellation)).ShouldBe(Hour with { Start = before });
        var left = 0;
        for (var i = 0; i < 4; i++)
            left += (await Counted.RowsAsync(Usage, $"t{i}", Hour.Start, Hour.Start + UsagePeriod.DayMs)).Count;
        left.ShouldBe(90);
    }

    [Fact]
    public async Task Totals_of_old_periods_are_deleted_by_grain_and_months_never()
    {
        var (day, month) = (Hour.In(UsageGrain.Day), Hour.In(UsageGrain.Month));
        var next = UsagePeriod.Of(UsageGrain.Hour, day.End);
        foreach (var tenant in new[] { "acme", "" })
        {
            await Usage.AddTotalsAsync([Counted.Total(tenant, Hour, 1)], Cancellation);
            await Usage.AddTotalsAsync([Counted.Total(tenant, next, 2)], Cancellation);
            await Usage.AddTotalsAsync([Counted.Day(tenant, day, 3)], Cancellation);
            await Usage.AddTotalsAsync([Counted.Total(tenant, month, 4)], Cancellation);
        }
        (await DeleteAllAsync(UsageGrain.Hour, day.Start)).ShouldBeEmpty();
        (await DeleteAllAsync(UsageGrain.Hour, day.End)).Sum().ShouldBe(2);
        (await CostsAsync(UsageGrain.Hour)).ShouldBe([2]);
        (await DeleteAllAsync(UsageGrain.Day, month.Start)).ShouldBeEmpty();
        (await DeleteAllAsync(UsageGrain.Day, month.End)).Sum().ShouldBe(2);
        (await CostsAsync(UsageGrain.Day)).ShouldBeEmpty();
        (await CostsAsync(UsageGrain.Month)).ShouldBe([4]);
        await Should.ThrowAsync<ArgumentOutOfRangeException>(async () =>
            await Usage.DeleteAsync(UsageGrain.Month, month.End, 1, Cancellation));
        foreach (var take in new[] { 0, IUsageStore.PageMax + 1 })
            await Should.ThrowAsync<ArgumentOutOfRangeException>(async () =>
                await Usage.DeleteAsync(UsageGrain.Day, month.End, take, Cancellation));

        async Task<long[]> CostsAsync(UsageGrain grain) =>
            [.. (await Counted.TotalsAsync(Usage, "acme", grain, month.Start, month.End + UsagePeriod.DayMs))
                .Select(total => total.Sheet.Total.Cost)];
    }

    [Fact]
    public async Task Two_processes_that_delete_at_once_delete_everything_once()
    {
        await Usage.SaveRowsAsync(
            [.. Enumerable.Range(0, 500).Select(i => Counted.Row($"t{i}", Hour.Start, 1, 1))], Cancellation);
        await Usage.SaveProgressAsync(UsageGrain.Hour, Hour.End, Cancellation);
        Clock.Advance(TimeSpan.FromDays(40));
        await Usage.SaveRowsAsync([Counted.Row("new", Now, 1, 1)], Cancellation);
        await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => Task.Run(
            () => new UsageRetention(Usage, new UsageKept(), Clock).RunAsync(Cancellation))));
        (await Usage.FirstAsync(UsageGrain.Hour, new Instant(0), Cancellation))
            .ShouldBe(UsagePeriod.Of(UsageGrain.Hour, Now));
    }

    private async Task<List<int>> DeleteAllAsync(UsageGrain grain, Instant before, int take = IUsageStore.PageMax)
    {
        var steps = new List<int>();
        while (await Usage.DeleteAsync(grain, before, take, Cancellation) is > 0 and var gone) steps.Add(gone);
        return steps;
    }
}
