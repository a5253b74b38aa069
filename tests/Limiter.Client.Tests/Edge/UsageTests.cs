using Limiter.Domain;
using Limiter.Domain.Tenants;
using Limiter.Domain.Usage;
using Limiter.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;

namespace Limiter.Client.Tests.Edge;

/// <summary>What was counted here arrives where the limiter sums it up.</summary>
public sealed class UsageTests
{
    private static readonly Instant NewYear = Instant.From(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));

    [Fact]
    public async Task A_day_s_counts_are_those_of_every_edge_and_what_was_charged()
    {
        using var folder = new TemporaryFolder();
        await using var limiter = await TestLimiter.StartAsync(Policies.Of(10), folder: folder.Path);
        var secret = await limiter.RegisterAsync("acme", "only");
        foreach (var passed in new[] { 7, 3 })
        {
            await using var api = await TestApi.StartAsync(limiter);
            (await api.AdmittedAsync(secret, passed)).ShouldBe(passed);
            if (passed == 3) (await api.AdmittedAsync(secret, 5)).ShouldBe(0);
            await api.StopAsync();
        }
        // Each timer that became due runs before the call returns.
        foreach (var time in new[] { "2026-01-01T01:30:00Z", "2026-01-02T00:13:00Z", "2026-01-02T00:14:00Z" })
            await limiter.SendAsync(HttpMethod.Put, "/dev/clock", $$"""{"now":"{{time}}"}""");
        await limiter.StopAsync();
        await using var store = SqliteStore.Open(
            new SqliteStoreOptions { Folder = folder.Path }, limiter.Clock, NullLogger<SqliteStore>.Instance);
        TenantId.TryParse("acme", out var acme).ShouldBeTrue();
        var days = await store.Usage.ListTotalsAsync(
            acme, UsageGrain.Day, NewYear, NewYear + UsagePeriod.DayMs, null, 10, default);
        var day = days.Items.ShouldHaveSingleItem();
        var counts = day.Total.Sheet.Total;
        (counts.Allowed, counts.Denied, counts.Cost).ShouldBe((10, 5, 10));
        day.Total.ShouldBeOfType<DailyUsage>().Charged.ShouldBe(10);
    }

    [Fact]
    public async Task Counts_wait_while_the_limiter_is_away_and_arrive_once()
    {
        using var folder = new TemporaryFolder();
        await using var limiter = await TestLimiter.StartAsync(Policies.Of(100), folder: folder.Path);
        var secret = await limiter.RegisterAsync("acme", "only");
        await using var api = await TestApi.StartAsync(limiter, options => options.UsageSaveSeconds = 1);
        (await api.AdmittedAsync(secret, 4)).ShouldBe(4);
        limiter.Manual.Advance(TimeSpan.FromSeconds(3));
        await limiter.StopAsync();
        (await api.AdmittedAsync(secret, 1)).ShouldBe(1);
        limiter.Manual.Advance(TimeSpan.FromSeconds(3));
        await limiter.StartAgainAsync();
        await api.StopAsync();
        await limiter.StopAsync();
        await using var store = SqliteStore.Open(
            new SqliteStoreOptions { Folder = folder.Path }, limiter.Clock, NullLogger<SqliteStore>.Instance);
        TenantId.TryParse("acme", out var acme).ShouldBeTrue();
        var rows = await store.Usage.ListRowsAsync(acme, NewYear, NewYear + UsagePeriod.DayMs, null, 100, default);
        rows.Items.Sum(row => row.Sheet.Total.Allowed).ShouldBe(5);
        rows.Items.ShouldHaveSingleItem().Sheet.Lines.Single().Subject.Template.ShouldBe("*");
    }
}
