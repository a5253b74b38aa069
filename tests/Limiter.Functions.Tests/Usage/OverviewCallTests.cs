using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Limiter.Engine.Clocks;
using Limiter.Engine.InMemory;
using Limiter.Functions.Host;
using Limiter.Functions.Host.Entities;
using Limiter.Functions.Startup;
using Limiter.Functions.Tests.Kit;

namespace Limiter.Functions.Tests.Usage;

/// <summary>The overview of the function app: whom it tells of, and what that costs.</summary>
public sealed class OverviewCallTests
{
    private readonly ManualClock _clock = new(Edges.Start);

    [Fact]
    public async Task A_tenant_that_sent_once_late_in_a_minute_is_in_the_overview_ten_seconds_after_its_end()
    {
        await using var host = await StartAsync();
        using var client = Client(host);
        await RegisterAsync(client, "quiet");
        Advance(40);
        await CheckAsync(client, "quiet");
        Advance(30);
        var overview = await client.GetFromJsonAsync<JsonElement>("/v1/overview");
        overview.GetProperty("tenants").EnumerateArray().ShouldHaveSingleItem()
            .GetProperty("tenant").GetString().ShouldBe("quiet");
    }

    [Fact]
    public async Task An_overview_asks_no_more_entities_than_its_page_has_tenants_and_not_again_at_once()
    {
        await using var host = await StartAsync();
        using var client = Client(host);
        foreach (var tenant in new[] { "a", "b", "c", "d", "e" })
        {
            await RegisterAsync(client, tenant);
            await CheckAsync(client, tenant);
        }
        // Leases end meanwhile, and nothing of them is known any more.
        Advance(180);
        host.Entities.Settle();
        var before = host.Entities.Operations;
        for (var times = 0; times < 3; times++) await client.GetStringAsync("/v1/overview?take=2");
        host.Entities.Settle();
        (host.Entities.Operations - before).ShouldBe(2);
    }

    private void Advance(int seconds)
    {
        for (var i = 0; i < seconds; i++) _clock.Advance(TimeSpan.FromSeconds(1));
    }

    private static async Task RegisterAsync(HttpClient client, string tenant) =>
        (await client.PutAsJsonAsync($"/v1/tenants/{tenant}", new { plan = "basic" })).EnsureSuccessStatusCode();

    private static async Task CheckAsync(HttpClient client, string tenant) =>
        (await client.PostAsJsonAsync("/v1/check", new { tenant, method = "GET", path = "/" }))
            .EnsureSuccessStatusCode();

    private static HttpClient Client(FunctionHost host)
    {
        var client = new HttpClient { BaseAddress = host.Address };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", "sixteen-bytes-ad");
        return client;
    }

    private Task<FunctionHost> StartAsync()
    {
        var settings = new EdgeSettings
        {
            Policy = Policies.Shipped("waqti"),
            Tables = "none",
            GatewayKey = "sixteen-bytes-gw",
            AdminKey = "sixteen-bytes-ad",
        };
        return FunctionHost.StartAsync(settings, new InMemoryDirectory(), _clock, Delivery.Prompt);
    }
}
