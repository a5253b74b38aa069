using Limiter.Domain;
using Limiter.Domain.Escrow;
using Limiter.Domain.Usage;
using Limiter.Engine.Ports;
using Limiter.Engine.Tests.Kit;
using Limiter.Engine.Usage;

namespace Limiter.Engine.Tests.Usage;

/// <summary>Minute rows become hours, days and months; a day is closed with what its bucket charged.</summary>
public sealed class UsageRollerTests
{
    private static readonly Instant FirstDay = Instant.From(Edges.Start);

    [Fact]
    public async Task Hours_days_and_months_sum_up_what_was_counted_and_a_day_knows_what_was_charged()
    {
        await using var edges = await OfAsync(edges: 3);
        var admitted = await TrafficAsync(edges, 26 * 60);
        await edges.AdvanceAsync(TimeSpan.FromHours(24));
        await RollerOf(edges).CloseDaysAsync(default);
        var hours = await TotalsAsync(edges, UsageGrain.Hour);
        hours.Count.ShouldBe(26);
        hours.Sum(hour => hour.Sheet.Total.Cost).ShouldBe(admitted);
        var days = (await TotalsAsync(edges, UsageGrain.Day)).ConvertAll(day => (DailyUsage)day);
        days.Select(day => day.Day).ShouldBe([FirstDay, FirstDay + UsagePeriod.DayMs]);
        days.Sum(day => day.Counted).ShouldBe(admitted);
        foreach (var day in days) day.Charged.ShouldBe(day.Counted);
        (await TotalsAsync(edges, UsageGrain.Month)).ShouldHaveSingleItem().Sheet.Total.Cost.ShouldBe(admitted);
    }

    [Fact]
    public async Task An_edge_that_dies_may_lose_counts_and_never_what_was_charged()
    {
        await using var edges = await OfAsync(edges: 2);
        var admitted = await TrafficAsync(edges, 30);
        // The second edge answers no more: its leases and its last counts are gone.
        edges.Way(1).Fault = Fault.Fails;
        await edges.Tally(1).DisposeAsync();
        admitted += await edges.AdmittedAsync(3, Edges.Get("acme"), edge: 1);
        admitted += await TrafficAsync(edges, 30, only: 0);
        await edges.AdvanceAsync(TimeSpan.FromHours(25));
        await RollerOf(edges).CloseDaysAsync(default);
        var day = (DailyUsage)(await TotalsAsync(edges, UsageGrain.Day)).ShouldHaveSingleItem();
        day.Counted.ShouldBeLessThan(admitted);
        day.Charged!.Value.ShouldBeGreaterThanOrEqualTo(admitted);
    }

    [Fact]
    public async Task Nothing_is_summed_up_before_its_rows_are_in()
    {
        await using var edges = await OfAsync(edges: 1);
        await edges.AdmittedAsync(1, Edges.Get("acme"));
        await edges.AdvanceAsync(UsagePeriod.HourMs + UsageRoller.HourGraceMs - 1);
        (await RollerOf(edges).RollAsync(default)).ShouldBe(0);
        await edges.AdvanceAsync(1);
        (await RollerOf(edges).RollAsync(default)).ShouldBe(1);
        (await RollerOf(edges).RollAsync(default)).ShouldBe(0);
        await edges.AdvanceAsync(UsagePeriod.DayMs - UsagePeriod.HourMs - UsageRoller.HourGraceMs
            + UsageRoller.DayGraceMs - 1);
        (await RollerOf(edges).CloseDaysAsync(default)).ShouldBe(0);
        await edges.AdvanceAsync(1);
        (await RollerOf(edges).CloseDaysAsync(default)).ShouldBe(1);
        (await RollerOf(edges).CloseDaysAsync(default)).ShouldBe(0);
    }

    [Fact]
    public async Task A_row_that_comes_after_its_day_was_closed_is_counted_and_the_charge_stays()
    {
        await using var edges = await OfAsync(edges: 1);
        await edges.AdmittedAsync(5, Edges.Get("acme"));
        await edges.AdvanceAsync(TimeSpan.FromHours(25));
        await RollerOf(edges).CloseDaysAsync(default);
        // Two days on the bucket does not know the first any more.
        await edges.AdvanceAsync(TimeSpan.FromHours(24));
        await edges.AdmittedAsync(1, Edges.Get("acme"));
        await edges.AdvanceAsync(TimeSpan.FromHours(24));
        await SaveAsync(edges, FirstDay, cost: 4);
        await RollerOf(edges).RollAsync(default);
        await RollerOf(edges).RollAsync(default);
        var day = (DailyUsage)(await TotalsAsync(edges, UsageGrain.Day))[0];
        (day.Counted, day.Charged).ShouldBe((9, 5));
        (await TotalsAsync(edges, UsageGrain.Hour))[0].Sheet.Total.Cost.ShouldBe(9);
        (await TotalsAsync(edges, UsageGrain.Month)).ShouldHaveSingleItem().Sheet.Total.Cost.ShouldBe(9);
    }

    [Fact]
    public async Task Several_rollers_at_once_come_to_the_same_sums()
    {
        await using var edges = await OfAsync(edges: 2);
        var admitted = await TrafficAsync(edges, 150);
        await edges.AdvanceAsync(TimeSpan.FromHours(24));
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => RollerOf(edges).CloseDaysAsync(default))));
        (await TotalsAsync(edges, UsageGrain.Hour)).Sum(hour => hour.Sheet.Total.Cost).ShouldBe(admitted);
        (await TotalsAsync(edges, UsageGrain.Day)).ShouldHaveSingleItem().Sheet.Total.Cost.ShouldBe(admitted);
    }

    [Fact]
    public async Task A_total_that_another_roller_replaced_meanwhile_is_summed_up_again()
    {
        await using var edges = await OfAsync(edges: 1);
        await edges.AdmittedAsync(5, Edges.Get("acme"));
        await edges.AdvanceAsync(TimeSpan.FromHours(3));
        await RollerOf(edges).RollAsync(default);
        await SaveAsync(edges, FirstDay, cost: 4);
        // Between the reading of the rows and the replacing of the total, another roller sees one row more.
        edges.Usage.BeforeReplace = async () =>
        {
            await SaveAsync(edges, FirstDay, cost: 2, number: 2);
            await RollerOf(edges).RollAsync(default);
        };
        await RollerOf(edges).RollAsync(default);
        (await TotalsAsync(edges, UsageGrain.Hour)).ShouldHaveSingleItem().Sheet.Total.Cost.ShouldBe(11);
    }

    [Fact]
    public async Task A_run_that_fails_is_made_up_for_by_the_next()
    {
        await using var edges = await OfAsync(edges: 1);
        await edges.AdmittedAsync(5, Edges.Get("acme"));
        await edges.AdvanceAsync(TimeSpan.FromHours(25));
        edges.Usage.Fails = true;
        await Should.ThrowAsync<StoreUnavailableException>(() => RollerOf(edges).CloseDaysAsync(default));
        edges.Usage.Fails = false;
        var days = new UnreachableDays("acme", edges.Charges);
        var roller = new UsageRoller(edges.Usage, days, edges.Directory, () => edges.Policy, edges.Clock);
        await Should.ThrowAsync<BucketsUnavailableException>(() => roller.CloseDaysAsync(default));
        (await TotalsAsync(edges, UsageGrain.Day)).ShouldBeEmpty();
        await RollerOf(edges).CloseDaysAsync(default);
        ((DailyUsage)(await TotalsAsync(edges, UsageGrain.Day)).ShouldHaveSingleItem()).Charged.ShouldBe(5);
    }

    [Fact]
    public async Task A_row_that_cannot_be_read_is_told_and_the_others_are_summed_up()
    {
        await using var edges = await OfAsync(edges: 1);
        await edges.AdmittedAsync(2, Edges.Get("acme"));
        await edges.AdvanceAsync(TimeSpan.FromHours(2));
        edges.Usage.Damage = new RecordFailedException("A row cannot be read.");
        (await RollerOf(edges).RollAsync(default)).ShouldBe(1);
        edges.Failures.ShouldContain(edges.Usage.Damage);
        (await TotalsAsync(edges, UsageGrain.Hour)).ShouldHaveSingleItem().Sheet.Total.Cost.ShouldBe(2);
    }

    private static async Task<Edges> OfAsync(int edges)
    {
        var made = new Edges(Policies.TenAMinute(), edges);
        await made.SaveAsync("acme", "big");
        return made;
    }

    /// <summary>Some checks each minute, on one edge after the other; what was admitted.</summary>
    private static async Task<long> TrafficAsync(Edges edges, int minutes, int? only = null)
    {
        var admitted = 0L;
        for (var minute = 0; minute < minutes; minute++)
        {
            admitted += await edges.AdmittedAsync(3, Edges.Get("acme"), only ?? minute % edges.Count);
            await edges.AdvanceAsync(60_000);
        }
        return admitted;
    }

    private static UsageRoller RollerOf(Edges edges) =>
        new(edges.Usage, edges.Charges, edges.Directory, () => edges.Policy, edges.Clock, edges.Failures.Add);

    private static async Task SaveAsync(Edges edges, Instant minute, long cost, long number = 1)
    {
        var sum = new UsageSum();
        sum.Add(UsageSubject.Of("", "read", "*"), new UsageCounts(cost, 0, 0, 0, cost));
        var writer = new UsageWriter(new EdgeId(77), number);
        await edges.Usage.SaveRowsAsync([new UsageRow(Edges.Tenant("acme"), minute, writer, sum.ToSheet())], default);
    }

    private static async Task<List<UsageTotal>> TotalsAsync(Edges edges, UsageGrain grain)
    {
        var page = await edges.Usage.ListTotalsAsync(
            Edges.Tenant("acme"), grain, FirstDay, edges.Now, null, IUsageStore.PageMax, default);
        return [.. page.Items.Select(stored => stored.Total)];
    }
}
