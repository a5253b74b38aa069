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
    private static readonly Instant Start = Instant.From(Edges.Start);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Without_crashes_a_day_counts_what_its_entity_charged_and_what_was_admitted(int seed)
    {
        var usage = NewUsage();
        await using var edges = new Edges(Policies.Shipped("waqti"), 3, Delivery.Hostile(seed), usage: usage);
        await edges.RegisterAsync("acme", "basic");
        var admitted = await TrafficAsync(edges, new Random(seed), crashes: false);
        var day = await CloseAsync(edges, usage);
        (day.Counted, day.Charged).ShouldBe((admitted, admitted));
        day.Sheet.Total.Allowed.ShouldBe(admitted);
        // However often it is closed.
        await edges.Roller.CloseDaysAsync(default);
        (await DayAsync(usage)).Charged.ShouldBe(admitted);
    }

    [Theory]
    [InlineData(3)]
    [InlineData(4)]
    public async Task With_crashes_a_day_counts_at_most_what_was_admitted_and_charges_at_least_that(int seed)
    {
        var usage = NewUsage();
        await using var edges = new Edges(Policies.Shipped("waqti"), 3, Delivery.Hostile(seed), usage: usage);
        await edges.RegisterAsync("acme", "basic");
        var admitted = await TrafficAsync(edges, new Random(seed), crashes: true);
        var day = await CloseAsync(edges, usage);
        day.Counted.ShouldBeLessThan(admitted);
        day.Charged!.Value.ShouldBeGreaterThanOrEqualTo(admitted);
    }

    private IUsageStore NewUsage() => TablesStore.Open(
        azurite.ConnectionString, new TablesStoreOptions { Prefix = AzuriteServer.NewName() }, TimeProvider.System)
        .Usage;

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

    private static async Task<DailyUsage> CloseAsync(Edges edges, IUsageStore usage)
    {
        for (var seconds = 0; seconds < 240; seconds++) await edges.AdvanceAsync(TimeSpan.FromSeconds(1));
        edges.Host.Settle();
        await edges.AdvanceAsync(TimeSpan.FromHours(25));
        await edges.Roller.CloseDaysAsync(default);
        edges.Host.Failures.ShouldBeEmpty();
        return await DayAsync(usage);
    }

    private static async Task<DailyUsage> DayAsync(IUsageStore usage)
    {
        TenantId.TryParse("acme", out var acme).ShouldBeTrue();
        var page = await usage.ListTotalsAsync(
            acme, UsageGrain.Day, Start, Start + UsagePeriod.DayMs, null, IUsageStore.PageMax, default);
        return page.Items.ShouldHaveSingleItem().Total.ShouldBeOfType<DailyUsage>();
    }
}
