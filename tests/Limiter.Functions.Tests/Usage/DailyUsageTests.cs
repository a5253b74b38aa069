using Limiter.Azurite;
using Limiter.Domain;
using Limiter.Domain.Decisions;
using Limiter.Domain.Tenants;
using Limiter.Domain.Usage;
using Limiter.Engine.Ports;
using Limiter.Functions.Host.Entities;
using Limiter.Functions.Tests.Kit;
using Limiter.Tables;

namespace Limiter.Functions.Tests.Usage;

/// <summary>What edges count, what entities charge, and what was admitted, in a real table.</summary>
public sealed class DailyUsageTests(AzuriteServer azurite)
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Without_crashes_days_count_what_their_entity_charged_and_what_was_admitted(int seed)
    {
        await using var edges = await OfAsync(seed);
        var admitted = await TrafficAsync(edges, new Random(seed), crashes: false);
        var days = await CloseAsync(edges);
        days.Sum(day => day.Counted).ShouldBe(admitted);
        foreach (var day in days)
        {
            day.Charged.ShouldBe(day.Counted);
            day.Counted.ShouldBeGreaterThan(0);
        }
        (await edges.Usage.ListLateAsync(10, default)).ShouldBeEmpty("every row was in time");
        // However often they are closed.
        await edges.Roller.CloseDaysAsync(default);
        (await DaysAsync(edges)).Sum(day => day.Charged).ShouldBe(admitted);
    }

    [Theory]
    [InlineData(3)]
    [InlineData(4)]
    public async Task With_crashes_days_count_at_most_what_was_admitted_and_charge_at_least_that(int seed)
    {
        await using var edges = await OfAsync(seed);
        var admitted = await TrafficAsync(edges, new Random(seed), crashes: true);
        var days = await CloseAsync(edges);
        days.Sum(day => day.Counted).ShouldBeLessThan(admitted);
        days.Sum(day => day.Charged).ShouldNotBeNull().ShouldBeGreaterThanOrEqualTo(admitted);
        foreach (var day in days) day.Charged.ShouldNotBeNull().ShouldBeGreaterThanOrEqualTo(day.Counted);
    }

    // A little before midnight: the traffic crosses it.
    private async Task<Edges> OfAsync(int seed)
    {
        var edges = new Edges(Policies.Shipped("waqti"), 3, Delivery.Hostile(seed), usage: clock => TablesStore.Open(
            azurite.ConnectionString, new TablesStoreOptions { Prefix = AzuriteServer.NewName() }, clock).Usage);
        await edges.RegisterAsync("acme", "basic");
        edges.Clock.Advance(TimeSpan.FromHours(23.95));
        return edges;
    }

    private static async Task<long> TrafficAsync(Edges edges, Random random, bool crashes)
    {
        var admitted = 0L;
        for (var round = 0; round < 300; round++)
        {
            for (var checks = random.Next(4); checks > 0; checks--)
            {
                var decision = await edges.CheckAsync(random.Next(edges.Count), "acme", cost: 1);
                if (decision.Outcome == Outcome.Allowed) admitted++;
            }
            if (crashes && round % 40 == 39) await edges.CrashAsync(random.Next(edges.Count));
            await edges.AdvanceAsync(TimeSpan.FromMilliseconds(random.Next(3_000)));
        }
        return admitted;
    }

    private static async Task<IReadOnlyList<DailyUsage>> CloseAsync(Edges edges)
    {
        // By the timer's minutes: the first day is closed while the second goes on.
        for (var seconds = 0; seconds < 1_200; seconds++)
        {
            await edges.AdvanceAsync(TimeSpan.FromSeconds(1));
            if (seconds % 60 == 30) await edges.Roller.CloseDaysAsync(default);
        }
        (await DaysAsync(edges)).Count.ShouldBe(1);
        edges.Host.Settle();
        for (var hours = 0; hours < 25; hours++)
        {
            await edges.AdvanceAsync(TimeSpan.FromHours(1));
            await edges.Roller.CloseDaysAsync(default);
        }
        edges.Host.Failures.ShouldBeEmpty();
        var days = await DaysAsync(edges);
        days.Count.ShouldBe(2);
        return days;
    }

    private static async Task<IReadOnlyList<DailyUsage>> DaysAsync(Edges edges)
    {
        TenantId.TryParse("acme", out var acme).ShouldBeTrue();
        var start = Instant.From(Edges.Start);
        var page = await edges.Usage.ListTotalsAsync(
            acme, UsageGrain.Day, start, start + 3 * UsagePeriod.DayMs, null, IUsageStore.PageMax, default);
        return [.. page.Items.Select(stored => stored.Total).Cast<DailyUsage>()];
    }
}
