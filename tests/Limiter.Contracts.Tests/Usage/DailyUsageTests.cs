using Limiter.Domain;
using Limiter.Domain.Tenants;
using Limiter.Domain.Usage;
using Limiter.Engine.Ports;
using Limiter.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;

namespace Limiter.Contracts.Tests.Usage;

/// <summary>What the running server counts, sums up and closes by its own clock.</summary>
public sealed class DailyUsageTests
{
    private static readonly Instant Start = Instant.From(Served.Start);

    [Fact]
    public async Task A_day_is_closed_after_midnight_with_what_was_counted_and_charged()
    {
        await using var served = await Served.StartWithAcmeAsync("waqti", "basic");
        for (var minute = 0; minute < 3; minute++)
        {
            await served.SpendAsync(Ask.Read, 60);
            (await served.CheckAsync(Ask.Read)).Status.ShouldBe(429);
            await served.AdvanceAsync(61);
        }
        await served.AdvanceAsync(TimeSpan.FromHours(23.9));
        (await TotalsAsync(served, UsageGrain.Day)).ShouldBeEmpty();
        (await TotalsAsync(served, UsageGrain.Hour)).ShouldHaveSingleItem().Sheet.Total.Checks.ShouldBe(183);
        await served.AdvanceAsync(TimeSpan.FromHours(0.5));
        var day = (await TotalsAsync(served, UsageGrain.Day)).ShouldHaveSingleItem().ShouldBeOfType<DailyUsage>();
        (day.Counted, day.Charged).ShouldBe((180, 180));
        var line = day.Sheet.Lines.ShouldHaveSingleItem();
        line.Counts.ShouldBe(new UsageCounts(180, 3, 0, 0, 180));
        line.DeniedBy.ShouldBe([new DeniedBy("minute", 3)]);
    }

    [Fact]
    public async Task A_correction_is_counted_and_charged_alike()
    {
        await using var served = await Served.StartWithAcmeAsync("points", "build");
        var check = await served.CheckAsync(Ask.Read with { Cost = 5 });
        check.Status.ShouldBe(200, check.Text);
        var id = check.Json.GetProperty("checkId").GetString()!;
        (await served.ChargeAsync(id, 2)).Status.ShouldBe(200);
        await served.AdvanceAsync(TimeSpan.FromHours(25));
        var day = (await TotalsAsync(served, UsageGrain.Day)).ShouldHaveSingleItem().ShouldBeOfType<DailyUsage>();
        (day.Counted, day.Charged).ShouldBe((2, 2));
    }

    private static async Task<List<UsageTotal>> TotalsAsync(Served served, UsageGrain grain)
    {
        // Another process may share the store.
        var options = new SqliteStoreOptions { Folder = Path.GetDirectoryName(served.StoreFile)! };
        await using var store = SqliteStore.Open(options, served.Clock, NullLogger<SqliteStore>.Instance);
        TenantId.TryParse("acme", out var acme).ShouldBeTrue();
        var until = Start + 3 * UsagePeriod.DayMs;
        var page = await store.Usage.ListTotalsAsync(acme, grain, Start, until, null, IUsageStore.PageMax, default);
        return [.. page.Items.Select(stored => stored.Total)];
    }
}
