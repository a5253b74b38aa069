using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Limiter.Azurite;
using Limiter.Domain.Usage;
using Limiter.Engine.Clocks;
using Limiter.Engine.InMemory;
using Limiter.Engine.Ports;
using Limiter.Functions.Host;
using Limiter.Functions.Host.Entities;
using Limiter.Functions.Startup;
using Limiter.Functions.Tests.Kit;
using Limiter.Tables;

namespace Limiter.Functions.Tests.Usage;

/// <summary>The function app's timers over a real table, and what the calls tell before and after them.</summary>
public sealed class UsageTimerTests(AzuriteServer azurite)
{
    private readonly ManualClock _clock = new(Edges.Start);

    [Fact]
    public async Task Usage_is_told_the_same_before_and_after_it_is_summed_up_and_its_rows_are_deleted()
    {
        var usage = TablesStore.Open(
            azurite.ConnectionString, new TablesStoreOptions { Prefix = AzuriteServer.NewName() }, _clock).Usage;
        await using var host = await StartAsync(usage);
        using var client = new HttpClient { BaseAddress = host.Address };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", "sixteen-bytes-ad");
        (await client.PutAsJsonAsync("/v1/tenants/acme", new { plan = "basic" })).EnsureSuccessStatusCode();
        for (var i = 0; i < 7; i++)
            (await client.PostAsJsonAsync("/v1/check", new { tenant = "acme", method = "GET", path = "/" }))
                .EnsureSuccessStatusCode();
        (await ChecksAsync(client)).ShouldBe(7);
        // Nothing is sent meanwhile, and time passes in leaps: the timers of the leases need not run each second.
        await host.Edge.SettleAsync();
        foreach (var (days, timers) in new[] { (1, new[] { "rollup" }), (1, ["closedays"]), (40, ["retention"]) })
        {
            _clock.Advance(TimeSpan.FromDays(days));
            foreach (var timer in timers) await host.RunTimerAsync(timer);
            (await ChecksAsync(client)).ShouldBe(7, timers[0]);
        }
        (await usage.FirstAsync(UsageGrain.Hour, default, default)).ShouldBeNull();
        (await usage.FirstAsync(UsageGrain.Day, default, default)).ShouldNotBeNull();
    }

    private static async Task<long> ChecksAsync(HttpClient client)
    {
        var answer = await client.GetFromJsonAsync<JsonElement>("/v1/usage/acme?by=day&from=2026-01-01&to=2026-03-01");
        var total = answer.GetProperty("total").GetProperty("checks").GetInt64();
        answer.GetProperty("items").EnumerateArray().Single().GetProperty("checks").GetInt64().ShouldBe(total);
        return total;
    }

    private Task<FunctionHost> StartAsync(IUsageStore usage)
    {
        var settings = new EdgeSettings
        {
            Policy = Policies.Shipped("waqti"),
            Tables = "none",
            GatewayKey = "sixteen-bytes-gw",
            AdminKey = "sixteen-bytes-ad",
        };
        return FunctionHost.StartAsync(settings, new InMemoryDirectory(), _clock, Delivery.Prompt, usage);
    }
}
