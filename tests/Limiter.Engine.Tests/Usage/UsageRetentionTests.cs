using Limiter.Domain;
using Limiter.Domain.Escrow;
using Limiter.Domain.Usage;
using Limiter.Engine.Ports;
using Limiter.Engine.Tests.Kit;
using Limiter.Engine.Usage;

namespace Limiter.Engine.Tests.Usage;

/// <summary>What is deleted, and what is not because nothing else knows it.</summary>
public sealed class UsageRetentionTests
{
    private static readonly Instant FirstDay = Instant.From(Edges.Start);

    [Fact]
    public async Task Each_grain_is_kept_for_its_days_and_the_coarser_ones_still_know_it()
    {
        await using var edges = await OfAsync();
        for (var day = 0; day < 5; day++)
        {
            await SaveAsync(edges, cost: day + 1);
            edges.Clock.Advance(TimeSpan.FromDays(40));
            await RollAsync(edges);
        }
        var kept = new UsageKept(MinuteDays: 50, HourDays: 90, DayDays: 160);
        (await new UsageRetention(edges.Usage, kept, edges.Clock).RunAsync(default)).ShouldBe(4 + 3 + 1);
        (await RowsAsync(edges)).Count.ShouldBe(1);
        (await TotalsAsync(edges, UsageGrain.Hour)).Select(total => total.Sheet.Total.Cost).ShouldBe([4, 5]);
        (await TotalsAsync(edges, UsageGrain.Day)).Select(total => total.Sheet.Total.Cost).ShouldBe([2, 3, 4, 5]);
        (await TotalsAsync(edges, UsageGrain.Month)).Sum(total => total.Sheet.Total.Cost).ShouldBe(15);
        (await new UsageRetention(edges.Usage, kept, edges.Clock).RunAsync(default)).ShouldBe(0);
    }

    [Fact]
    public async Task What_is_not_summed_up_is_not_deleted_however_old_it_is()
    {
        await using var edges = await OfAsync();
        await SaveAsync(edges, cost: 1);
        edges.Clock.Advance(TimeSpan.FromDays(400));
        var retention = new UsageRetention(edges.Usage, new UsageKept(), edges.Clock);
        (await retention.RunAsync(default)).ShouldBe(0);
        await RollerOf(edges).RollAsync(default);
        // The hour is summed up and its day is not closed: the row goes, the hour stays.
        (await retention.RunAsync(default)).ShouldBe(1);
        (await TotalsAsync(edges, UsageGrain.Hour)).Count.ShouldBe(1);
    }

    [Fact]
    public async Task Rows_stay_while_a_late_one_of_their_hour_is_to_be_summed_up()
    {
        await using var edges = await OfAsync();
        await SaveAsync(edges, cost: 1);
        edges.Clock.Advance(TimeSpan.FromDays(32));
        await RollAsync(edges);
        await SaveAsync(edges, cost: 2, at: FirstDay, number: 2);
        var retention = new UsageRetention(edges.Usage, new UsageKept(), edges.Clock);
        (await retention.RunAsync(default)).ShouldBe(0);
        await RollAsync(edges);
        (await TotalsAsync(edges, UsageGrain.Hour)).ShouldHaveSingleItem().Sheet.Total.Cost.ShouldBe(3);
        (await retention.RunAsync(default)).ShouldBe(2);
    }

    [Fact]
    public async Task A_row_that_comes_after_its_others_were_deleted_takes_nothing_away()
    {
        await using var edges = await OfAsync();
        await SaveAsync(edges, cost: 5);
        edges.Clock.Advance(TimeSpan.FromDays(40));
        await RollAsync(edges);
        await new UsageRetention(edges.Usage, new UsageKept(), edges.Clock).RunAsync(default);
        await SaveAsync(edges, cost: 2, at: FirstDay, number: 2);
        await RollAsync(edges);
        foreach (var grain in new[] { UsageGrain.Hour, UsageGrain.Day, UsageGrain.Month })
            (await TotalsAsync(edges, grain)).ShouldHaveSingleItem().Sheet.Total.Cost.ShouldBe(5);
    }

    [Fact]
    public async Task A_missed_run_is_made_up_for_and_one_that_fails_goes_on()
    {
        await using var edges = await OfAsync();
        for (var i = 0; i < 3; i++)
        {
            await SaveAsync(edges, cost: 1);
            edges.Clock.Advance(TimeSpan.FromDays(33));
            await RollAsync(edges);
        }
        edges.Usage.Fails = true;
        var retention = new UsageRetention(edges.Usage, new UsageKept(), edges.Clock);
        await Should.ThrowAsync<StoreUnavailableException>(() => retention.RunAsync(default));
        edges.Usage.Fails = false;
        (await retention.RunAsync(default)).ShouldBe(3 + 1);
    }

    [Theory]
    [InlineData(31, 90, 731, null)]
    [InlineData(3, 5, 67, null)]
    [InlineData(2, 90, 731, "Minute")]
    [InlineData(31, 32, 731, "Hour")]
    [InlineData(31, 90, 151, "Day")]
    [InlineData(31, 90, 3_654, "Day")]
    public void What_is_coarser_is_kept_for_longer(int minutes, int hours, int days, string? wrong) =>
        new UsageKept(minutes, hours, days).Refuse()?.Grain.ShouldBe(wrong);

    private static async Task RollAsync(Edges edges)
    {
        await RollerOf(edges).CloseDaysAsync(default);
        await RollerOf(edges).RollAsync(default);
    }

    private static UsageRoller RollerOf(Edges edges) =>
        new(edges.Usage, edges.Charges, edges.Directory, () => edges.Policy, edges.Clock, edges.Failures.Add);

    private static async Task SaveAsync(Edges edges, long cost, Instant? at = null, long number = 1)
    {
        var sum = new UsageSum();
        sum.Add(UsageSubject.Of("", "read", "*"), new UsageCounts(cost, 0, 0, 0, cost));
        var minute = UsagePeriod.Of(UsageGrain.Minute, at ?? edges.Now).Start;
        var writer = new UsageWriter(new EdgeId(77), number);
        await edges.Usage.SaveRowsAsync([new UsageRow(Edges.Tenant("acme"), minute, writer, sum.ToSheet())], default);
    }

    private static async Task<IReadOnlyList<UsageRow>> RowsAsync(Edges edges) => (await edges.Usage.ListRowsAsync(
        Edges.Tenant("acme"), FirstDay, edges.Now, null, IUsageStore.PageMax, default)).Items;

    private static async Task<List<UsageTotal>> TotalsAsync(Edges edges, UsageGrain grain)
    {
        var page = await edges.Usage.ListTotalsAsync(
            Edges.Tenant("acme"), grain, FirstDay, edges.Now, null, IUsageStore.PageMax, default);
        return [.. page.Items.Select(stored => stored.Total)];
    }

    private static async Task<Edges> OfAsync()
    {
        var made = new Edges(Policies.TenAMinute());
        await made.SaveAsync("acme", "big");
        // Nothing here is decided, and the clock leaps by weeks: no timer shall look after leases and counts.
        await made[0].DisposeAsync();
        await made.Tally().DisposeAsync();
        return made;
    }
}
