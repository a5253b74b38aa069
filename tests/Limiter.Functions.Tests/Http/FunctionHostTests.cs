using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Limiter.Domain;
using Limiter.Domain.Buckets;
using Limiter.Domain.Policies;
using Limiter.Domain.Tenants;
using Limiter.Domain.Usage;
using Limiter.Engine.Clocks;
using Limiter.Engine.InMemory;
using Limiter.Engine.Ports;
using Limiter.Functions.Host;
using Limiter.Functions.Host.Entities;
using Limiter.Functions.Startup;
using Limiter.Functions.Tests.Kit;

namespace Limiter.Functions.Tests.Http;

public sealed class FunctionHostTests
{
    private readonly ManualClock _clock = new(Edges.Start);

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task A_tenant_gets_its_number_a_minute_and_no_more(int seed)
    {
        await using var host = await StartAsync(seed == 0 ? Delivery.Prompt : Delivery.Hostile(seed));
        using var client = Client(host);
        await RegisterAsync(client);
        for (var i = 0; i < 60; i++)
        {
            using var allowed = await CheckAsync(client);
            allowed.StatusCode.ShouldBe(HttpStatusCode.OK);
        }
        using var denied = await CheckAsync(client);
        denied.StatusCode.ShouldBe(HttpStatusCode.TooManyRequests);
        denied.Headers.RetryAfter!.Delta.ShouldNotBeNull();
        host.Entities.Failures.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_charge_corrects_a_check_once()
    {
        await using var host = await StartAsync(Delivery.Hostile(seed: 3), Policies.FiftyAMinute());
        using var client = Client(host);
        await RegisterAsync(client);
        using var check = await CheckAsync(client);
        var id = (await check.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("checkId").GetString();
        foreach (var (cost, expected) in new[] { (7, 200), (7, 200), (8, 409) })
        {
            using var charged = await client.PostAsJsonAsync("/v1/charge", new { checkId = id, cost });
            ((int)charged.StatusCode).ShouldBe(expected);
        }
        using var limits = await client.GetAsync("/v1/limits?tenant=acme");
        (await limits.Content.ReadAsStringAsync()).ShouldContain("\"remaining\":43");
    }

    [Fact]
    public async Task A_process_that_stops_gives_back_what_it_holds()
    {
        var host = await StartAsync(Delivery.Prompt);
        using (var client = Client(host))
        {
            await RegisterAsync(client, "enterprise");
            for (var i = 0; i < 10; i++) (await CheckAsync(client)).Dispose();
        }
        await host.DisposeAsync();
        var state = JsonSerializer.Deserialize<Functions.Entities.BucketEntityState>(
            host.Entities.States().Single().Value)!;
        var left = Bucket.Reserve(
            BucketCodec.Decode(state.Bucket!),
            Asks.Reserve(99, 1, 1, Asks.Ten) with { Wants = [] },
            Domain.Instant.From(_clock.GetUtcNow())).Reply;
        // The day of an enterprise has no number, and its minute has a thousand; ten are spent and none is out.
        left.Limits[1].Outlook.Free.ShouldBe(990);
    }

    [Fact]
    public async Task The_sweep_s_timer_deletes_idle_buckets_and_leaves_the_others()
    {
        await using var host = await StartAsync(Delivery.Prompt);
        using var client = Client(host);
        await RegisterAsync(client);
        (await CheckAsync(client)).Dispose();
        await host.RunTimerAsync("sweep");
        host.Entities.States().Count.ShouldBe(1);
        for (var hours = 0; hours < 72; hours++) _clock.Advance(TimeSpan.FromHours(1));
        await host.RunTimerAsync("sweep");
        await host.RunTimerAsync("clean");
        host.Entities.States().ShouldBeEmpty();
    }

    [Fact]
    public async Task The_timers_sum_usage_up_and_close_the_day()
    {
        var usage = new InMemoryUsage(_clock);
        await using var host = await StartAsync(Delivery.Prompt, usage: usage);
        using var client = Client(host);
        await RegisterAsync(client);
        for (var i = 0; i < 7; i++) (await CheckAsync(client)).Dispose();
        for (var minutes = 0; minutes < 70; minutes++) _clock.Advance(TimeSpan.FromMinutes(1));
        await host.RunTimerAsync("rollup");
        (await TotalsAsync(usage, UsageGrain.Hour)).ShouldHaveSingleItem().Total.Sheet.Total.Cost.ShouldBe(7);
        _clock.Advance(TimeSpan.FromHours(24));
        await host.RunTimerAsync("closedays");
        var day = (await TotalsAsync(usage, UsageGrain.Day)).ShouldHaveSingleItem().Total.ShouldBeOfType<DailyUsage>();
        (day.Counted, day.Charged).ShouldBe((7, 7));
    }

    [Fact]
    public async Task A_process_that_runs_only_the_roll_up_can_ask_a_bucket_for_a_day_with_late_rows()
    {
        var usage = new InMemoryUsage(_clock);
        await using var host = await StartAsync(Delivery.Prompt, usage: usage);
        TenantId.TryParse("acme", out var acme).ShouldBeTrue();
        _clock.Advance(TimeSpan.FromHours(30));
        var sum = new UsageSum();
        sum.Add(UsageSubject.Other, new UsageCounts(3, 0, 0, 0, 3));
        var writer = new UsageWriter(new Domain.Escrow.EdgeId(77), 1);
        await usage.SaveRowsAsync([new UsageRow(acme, Instant.From(Edges.Start), writer, sum.ToSheet())], default);
        await host.RunTimerAsync("rollup");
        var day = (await TotalsAsync(usage, UsageGrain.Day)).ShouldHaveSingleItem().Total.ShouldBeOfType<DailyUsage>();
        (day.Counted, day.Charged).ShouldBe((3, null));
    }

    [Fact]
    public async Task A_process_that_stops_saves_what_it_counted()
    {
        var usage = new InMemoryUsage(_clock);
        var host = await StartAsync(Delivery.Prompt, usage: usage);
        using (var client = Client(host))
        {
            await RegisterAsync(client);
            (await CheckAsync(client)).Dispose();
        }
        await host.DisposeAsync();
        TenantId.TryParse("acme", out var acme).ShouldBeTrue();
        var page = await usage.ListRowsAsync(
            acme, Instant.From(Edges.Start), Instant.From(_clock.GetUtcNow()) + 1, null, 10, default);
        page.Items.ShouldHaveSingleItem().Sheet.Total.Allowed.ShouldBe(1);
    }

    [Fact]
    public async Task An_edge_that_cannot_reach_its_entities_follows_the_policy()
    {
        await using var host = await StartAsync(Delivery.Prompt);
        using var client = Client(host);
        await RegisterAsync(client);
        host.Entities.IsDown = true;
        using var refused = await CheckAsync(client);
        refused.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        refused.Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json");
    }

    private async Task<IReadOnlyList<StoredTotal>> TotalsAsync(IUsageStore usage, UsageGrain grain)
    {
        TenantId.TryParse("acme", out var acme).ShouldBeTrue();
        var until = Instant.From(_clock.GetUtcNow());
        return (await usage.ListTotalsAsync(acme, grain, Instant.From(Edges.Start), until, null, 10, default)).Items;
    }

    private Task<FunctionHost> StartAsync(Delivery delivery, Policy? policy = null, IUsageStore? usage = null)
    {
        var settings = new EdgeSettings
        {
            Policy = policy ?? Policies.Shipped("waqti"),
            Tables = "none",
            GatewayKey = "gateway",
            AdminKey = "admin",
        };
        return FunctionHost.StartAsync(settings, new InMemoryDirectory(), _clock, delivery, usage);
    }

    private static HttpClient Client(FunctionHost host)
    {
        var client = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = host.Address };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", "admin");
        return client;
    }

    private static async Task RegisterAsync(HttpClient client, string plan = "basic") =>
        (await client.PutAsJsonAsync("/v1/tenants/acme", new { plan })).EnsureSuccessStatusCode();

    private static Task<HttpResponseMessage> CheckAsync(HttpClient client) =>
        client.PostAsJsonAsync("/v1/check", new { tenant = "acme", method = "GET", path = "/things" });
}
