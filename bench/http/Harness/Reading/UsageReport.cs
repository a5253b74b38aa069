using System.Diagnostics;
using System.Net.Http.Headers;
using Limiter.Domain;
using Limiter.Domain.Escrow;
using Limiter.Domain.Policies;
using Limiter.Domain.Tenants;
using Limiter.Domain.Usage;
using Limiter.Engine.Clocks;
using Limiter.Engine.Ports;
using Limiter.Engine.Usage;
using Limiter.Server;
using Limiter.Server.Options;
using Limiter.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;

namespace Harness.Reading;

/// <summary>
/// Usage on SQLite at size: the roll-up of a million minute rows, then the operator's and a tenant's view of 10,000
/// tenants with 60 days behind them, asked of the server by HTTP.
/// </summary>
internal static class UsageReport
{
    private const int Tenants = 10_000;
    private const int RollHours = 20;
    private const int RowsAnHour = 5;
    private const int Days = 60;
    private const int HoursADay = 4;

    private static readonly DateTimeOffset Now = new(2026, 3, 15, 12, 30, 30, TimeSpan.Zero);

    public static async Task RunAsync()
    {
        var folder = Directory.CreateTempSubdirectory("limiter-usage-");
        try
        {
            await RollUpAsync(folder.CreateSubdirectory("roll").FullName);
            var history = folder.CreateSubdirectory("history").FullName;
            await SeedAsync(history);
            await AskAsync(history);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task RollUpAsync(string folder)
    {
        var clock = new ManualClock(Now);
        await using var store = Open(folder, clock);
        var day = Instant.From(Now.Date.AddDays(-1));
        var began = Stopwatch.GetTimestamp();
        for (var minute = 0; minute < RollHours * RowsAnHour; minute++)
            await SaveMinuteAsync(
                store, day + minute / RowsAnHour * UsagePeriod.HourMs + minute % RowsAnHour * UsagePeriod.MinuteMs);
        Console.WriteLine($"{Tenants * RollHours * RowsAnHour:N0} rows saved in {Seconds(began)}");
        var policy = Shipped();
        var roller = new UsageRoller(
            store.Usage, store.Buckets, store.Directory, () => policy, clock, failure => throw failure)
        {
            OnProgress = told => Console.WriteLine($"  {told.Work}: {told.Rows:N0} rows, {told.Rate:N0} a second"),
        };
        GC.Collect();
        var peak = 0L;
        await using var watch = new Timer(_ => peak = Math.Max(peak, Environment.WorkingSet), null, 0, 50);
        began = Stopwatch.GetTimestamp();
        await roller.RollAsync(default);
        Console.WriteLine($"hours summed up in {Seconds(began)}, at most {peak >> 20} MB resident");
        began = Stopwatch.GetTimestamp();
        await roller.CloseDaysAsync(default);
        Console.WriteLine($"the day closed in {Seconds(began)}, at most {peak >> 20} MB resident");
        var retention = new UsageRetention(store.Usage, new UsageKept(), clock)
        {
            OnProgress = told => Console.WriteLine($"  {told.Work}: {told.Rows:N0} rows, {told.Rate:N0} a second"),
        };
        clock.Advance(TimeSpan.FromDays(40));
        began = Stopwatch.GetTimestamp();
        var deleted = await retention.RunAsync(default);
        Console.WriteLine($"{deleted:N0} old rows deleted in {Seconds(began)}");
    }

    private static async Task SeedAsync(string folder)
    {
        await using var store = Open(folder, new ManualClock(Now));
        var today = Instant.From(Now.Date);
        var began = Stopwatch.GetTimestamp();
        for (var i = 0; i < Tenants; i++)
            await store.Directory.SaveTenantAsync(
                new TenantRecord(UsageMade.TenantOf(i), "basic", 0, today,
                    System.Collections.Immutable.ImmutableDictionary<LimitId, long>.Empty,
                    System.Collections.Immutable.ImmutableDictionary<LimitId, Adjustment>.Empty),
                null, default);
        for (var day = Days; day > 0; day--)
        {
            var start = today + -(day * UsagePeriod.DayMs);
            for (var hour = 0; hour < HoursADay; hour++)
                await AddAsync(store, new UsagePeriod(UsageGrain.Hour, start + (8 + hour) * UsagePeriod.HourMs));
            await AddAsync(store, new UsagePeriod(UsageGrain.Day, start));
        }
        await AddAsync(store, UsagePeriod.Of(UsageGrain.Month, today + -(20 * UsagePeriod.DayMs)));
        await store.Usage.SaveProgressAsync(UsageGrain.Day, today, default);
        var hourNow = UsagePeriod.Of(UsageGrain.Hour, Instant.From(Now)).Start;
        await store.Usage.SaveProgressAsync(UsageGrain.Hour, hourNow, default);
        for (var minute = 0; minute < 30; minute++)
            await SaveMinuteAsync(store, hourNow + minute * UsagePeriod.MinuteMs);
        Console.WriteLine(
            $"{Tenants:N0} tenants, {Days} days, {Tenants * Days * (HoursADay + 1):N0} totals and "
            + $"{Tenants * 30:N0} rows seeded in {Seconds(began)}");
    }

    private static async Task AskAsync(string folder)
    {
        var options = new ServerOptions
        {
            Data = folder, Urls = "http://127.0.0.1:0", GatewayKey = "gateway-key-of-bench",
            AdminKey = "admin-key-of-the-bench",
        };
        await using var server = await LimiterServer.OpenAsync(options, Shipped(), new ManualClock(Now), default);
        await server.StartAsync(default);
        using var client = new HttpClient { BaseAddress = server.Address };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", options.AdminKey);
        // The web server's own first answers are not what is measured.
        for (var i = 0; i < 20; i++) await client.GetStringAsync(new Uri("/v1/limits?tenant=t00001", UriKind.Relative));
        await MeasureAsync(client, "overview, first", "/v1/overview", 1);
        await MeasureAsync(client, "overview, again", "/v1/overview", 100);
        await MeasureAsync(client, "overview, 1,000 nearest to a limit", "/v1/overview?order=near&take=1000", 50);
        await MeasureAsync(client, "60 days of a tenant by day", "/v1/usage/t0{0}?by=day&from=2026-01-14", 100);
        await MeasureAsync(
            client, "60 days of a tenant by hour", "/v1/usage/t0{0}?by=hour&from=2026-01-14&take=1000", 100);
        await MeasureAsync(
            client, "60 days by day and endpoint", "/v1/usage/t0{0}?by=day&split=endpoint&from=2026-01-14", 100);
    }

    // Each time another tenant, so that nothing is in a cache because of the time before.
    private static async Task MeasureAsync(HttpClient client, string what, string path, int times)
    {
        var taken = new List<double>();
        var bytes = 0;
        for (var i = 0; i < times; i++)
        {
            var uri = new Uri(path.Replace("{0}", $"{1_000 + i * 37}", StringComparison.Ordinal), UriKind.Relative);
            var began = Stopwatch.GetTimestamp();
            bytes = (await client.GetByteArrayAsync(uri)).Length;
            taken.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
        }
        taken.Sort();
        Console.WriteLine(
            $"{what}: median {taken[times / 2]:F1} ms, 99th {taken[(times - 1) * 99 / 100]:F1} ms, "
            + $"worst {taken[^1]:F1} ms, {bytes:N0} bytes");
    }

    private static async Task AddAsync(SqliteStore store, UsagePeriod period)
    {
        for (var first = 0; first < Tenants; first += IUsageStore.SaveMax)
            await store.Usage.AddTotalsAsync(
                [
                    .. Enumerable.Range(first, IUsageStore.SaveMax).Select(i => period.Grain == UsageGrain.Day
                        ? new DailyUsage(UsageMade.TenantOf(i), period.Start, UsageMade.Sheet(i, period.Start), i)
                        : new UsageTotal(UsageMade.TenantOf(i), period, UsageMade.Sheet(i, period.Start))),
                ],
                default);
    }

    private static async Task SaveMinuteAsync(SqliteStore store, Instant minute)
    {
        for (var first = 0; first < Tenants; first += IUsageStore.SaveMax)
            await store.Usage.SaveRowsAsync(
                [
                    .. Enumerable.Range(first, IUsageStore.SaveMax).Select(i => new UsageRow(
                        UsageMade.TenantOf(i), minute, new UsageWriter(new EdgeId(7), i), UsageMade.Sheet(i, null))),
                ],
                default);
    }

    private static SqliteStore Open(string folder, TimeProvider clock) => SqliteStore.Open(
        new SqliteStoreOptions { Folder = folder }, clock, NullLogger<SqliteStore>.Instance);

    private static Policy Shipped()
    {
        var file = File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "policies", "waqti.json"));
        return PolicyFile.TryCompile(file, out var policy, out var errors)
            ? policy! : throw new InvalidOperationException(string.Join('\n', errors));
    }

    private static string Seconds(long began) => $"{Stopwatch.GetElapsedTime(began).TotalSeconds:F1} s";
}
