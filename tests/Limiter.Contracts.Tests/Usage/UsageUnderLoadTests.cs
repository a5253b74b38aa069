using System.Collections.Concurrent;
using Limiter.Engine.Clocks;

namespace Limiter.Contracts.Tests.Usage;

/// <summary>Usage is told while checks run, and after restarts: nothing is missing and nothing counted twice.</summary>
public sealed class UsageUnderLoadTests
{
    private static readonly string[] Tenants = ["acme", "beta", "gamma"];

    [Theory]
    [InlineData("minute")]
    [InlineData("hour")]
    [InlineData("month")]
    public async Task Readers_see_no_count_fall_and_in_the_end_every_decision_once(string by)
    {
        await using var served = await Served.StartAsync("waqti");
        foreach (var tenant in Tenants) await served.RegisterAsync(tenant, "basic");
        var decided = new ConcurrentDictionary<string, long>();
        using var ended = new CancellationTokenSource();
        // The clock leaps between looks: a save during a leap would seem to take as long as the leap.
        using var looking = new SemaphoreSlim(Tenants.Length);
        var readers = Tenants.Select(tenant => Task.Run(
            () => WatchAsync(served, tenant, by, looking, ended.Token))).ToList();
        for (var step = 0; step < 12; step++)
        {
            await CheckAsync(served, decided, 60);
            foreach (var _ in Tenants) await looking.WaitAsync();
            await served.AdvanceAsync(step % 4 == 3 ? TimeSpan.FromMinutes(50) : TimeSpan.FromSeconds(13));
            looking.Release(Tenants.Length);
        }
        await ended.CancelAsync();
        foreach (var looks in await Task.WhenAll(readers)) looks.ShouldBeGreaterThan(0);
        foreach (var tenant in Tenants) (await TotalAsync(served, tenant, by)).ShouldBe(decided[tenant]);
    }

    [Fact]
    public async Task Every_decision_of_every_process_is_in_the_total_after_restarts()
    {
        using var folder = new TemporaryFolder();
        var decided = new ConcurrentDictionary<string, long>();
        var clock = new ManualClock(Served.Start);
        for (var start = 0; start < 4; start++)
        {
            await using var served = await Served.StartAsync("waqti", clock: clock, shared: folder);
            if (start == 0)
                foreach (var tenant in Tenants) await served.RegisterAsync(tenant, "basic");
            await CheckAsync(served, decided, 90);
            foreach (var tenant in Tenants) (await TotalAsync(served, tenant, "minute")).ShouldBe(decided[tenant]);
            // The last round ends in the middle of a minute, with counts that only its end saves.
            if (start % 2 == 0) await served.AdvanceAsync(TimeSpan.FromHours(start == 0 ? 1.5 : 23));
        }
        await using var last = await Served.StartAsync("waqti", clock: clock, shared: folder);
        foreach (var by in new[] { "hour", "day", "month" })
            foreach (var tenant in Tenants)
                (await TotalAsync(last, tenant, by)).ShouldBe(decided[tenant], by);
    }

    private static async Task CheckAsync(Served served, ConcurrentDictionary<string, long> decided, int count)
    {
        var several = new ParallelOptions { MaxDegreeOfParallelism = 8 };
        await Parallel.ForAsync(0, count, several, async (i, _) =>
        {
            var tenant = Tenants[i % Tenants.Length];
            (await served.CheckAsync(Ask.Read with { Tenant = tenant })).Status.ShouldBeOneOf(200, 429);
            decided.AddOrUpdate(tenant, 1, (_, sum) => sum + 1);
        });
    }

    private static async Task<int> WatchAsync(
        Served served, string tenant, string by, SemaphoreSlim looking, CancellationToken ended)
    {
        var (looks, last) = (0, 0L);
        while (!ended.IsCancellationRequested)
        {
            await looking.WaitAsync(CancellationToken.None);
            var total = await TotalAsync(served, tenant, by);
            looking.Release();
            total.ShouldBeGreaterThanOrEqualTo(last);
            (looks, last) = (looks + 1, total);
        }
        return looks;
    }

    private static async Task<long> TotalAsync(Served served, string tenant, string by)
    {
        var answer = await served.GetAsync($"/v1/usage/{tenant}?from=2026-01-01&by={by}&take=1000");
        answer.Status.ShouldBe(200, answer.Text);
        var items = answer.Json.GetProperty("items").EnumerateArray()
            .Sum(item => item.GetProperty("checks").GetInt64());
        var total = answer.Json.GetProperty("total").GetProperty("checks").GetInt64();
        // The items are read after the total, while checks go on.
        items.ShouldBeGreaterThanOrEqualTo(total);
        return total;
    }
}
