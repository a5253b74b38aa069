using System.Collections.Concurrent;
using System.Text;
using Limiter.Azurite;
using Limiter.Engine.Clocks;
using Limiter.Engine.InMemory;
using Limiter.Functions.Host;
using Limiter.Functions.Host.Entities;
using Limiter.Functions.Startup;
using Limiter.Functions.Tests.Kit;
using Limiter.Http.Alerts;
using Limiter.Tables;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Limiter.Functions.Tests.Alerts;

/// <summary>Alerts of the function app: several instances over one outbox in a real table.</summary>
public sealed class AlertTimersTests(AzuriteServer azurite) : IAsyncDisposable
{
    private const string Key = "a-key-of-sixteen-bytes";

    private readonly ManualClock _clock = new(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
    private readonly ConcurrentQueue<string> _deliveries = new();
    private WebApplication? _receiver;

    [Fact]
    public async Task A_limit_that_is_exceeded_is_told_by_the_timer_and_a_closed_day_after_it()
    {
        await using var host = await StartAsync(new InMemoryDirectory(), new InMemoryUsage(_clock));
        using var client = Client(host);
        await RegisterAsync(client);
        for (var i = 0; i < 61; i++) await CheckAsync(client);
        await host.Edge.Alerting.Watch.SaveAsync(default);
        await host.RunTimerAsync("alerts");
        _deliveries.Count.ShouldBe(2);
        _clock.Advance(TimeSpan.FromHours(25));
        await host.RunTimerAsync("closedays");
        await host.RunTimerAsync("summaries");
        await host.RunTimerAsync("summaries");
        await host.RunTimerAsync("alerts");
        _deliveries.Count.ShouldBe(3);
        using var sent = await client.GetAsync("/v1/tenants/acme/alerts/sent");
        (await sent.Content.ReadAsStringAsync()).ShouldContain("\"kind\":\"summary\"");
    }

    [Fact]
    public async Task Instances_that_run_the_timer_at_once_deliver_each_alert_once()
    {
        var (directory, usage) = (new InMemoryDirectory(), new InMemoryUsage(_clock));
        var prefix = AzuriteServer.NewName();
        await using var one = await StartAsync(directory, usage, prefix);
        await using var two = await StartAsync(directory, usage, prefix);
        using var client = Client(one);
        await RegisterAsync(client);
        for (var i = 0; i < 12; i++)
        {
            (await client.PostAsync("/v1/tenants/acme/alerts/test", null)).EnsureSuccessStatusCode();
            _clock.Advance(TimeSpan.FromSeconds(1));
        }
        for (var round = 0; round < 20 && _deliveries.Count < 12; round++)
            await Task.WhenAll(one.RunTimerAsync("alerts"), two.RunTimerAsync("alerts"));
        _deliveries.Count.ShouldBe(12);
        _deliveries.ShouldBeUnique();
    }

    public async ValueTask DisposeAsync()
    {
        if (_receiver is not null) await _receiver.DisposeAsync();
    }

    private async Task<FunctionHost> StartAsync(
        InMemoryDirectory directory, InMemoryUsage usage, string? prefix = null)
    {
        var store = TablesStore.Open(
            azurite.ConnectionString, new TablesStoreOptions { Prefix = prefix ?? AzuriteServer.NewName() }, _clock);
        var settings = new EdgeSettings
        {
            Policy = Policies.Shipped("waqti"),
            Tables = "none",
            GatewayKey = Key + "-gateway",
            AdminKey = Key,
            LeaseMs = 0,
            Alerts = new AlertingOptions { PrivateHooks = true },
        };
        return await FunctionHost.StartAsync(settings, directory, _clock, Delivery.Prompt, usage, store.Alerts);
    }

    private async Task RegisterAsync(HttpClient client)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _receiver = builder.Build();
        _receiver.Run(context =>
        {
            _deliveries.Enqueue(context.Request.Headers["X-Limiter-Id"].ToString());
            context.Response.StatusCode = StatusCodes.Status204NoContent;
            return Task.CompletedTask;
        });
        await _receiver.StartAsync();
        (await client.PutAsync("/v1/tenants/acme", Json("""{"plan":"basic"}"""))).EnsureSuccessStatusCode();
        (await client.PutAsync(
            "/v1/tenants/acme/alerts", Json($$"""{"limits":["minute"],"webhook":"{{_receiver.Urls.First()}}"}""")))
            .EnsureSuccessStatusCode();
    }

    private static async Task CheckAsync(HttpClient client)
    {
        using var body = Json("""{"tenant":"acme","method":"GET","path":"/"}""");
        using var answer = await client.PostAsync("/v1/check", body);
        ((int)answer.StatusCode).ShouldBeOneOf(200, 429);
    }

    private static HttpClient Client(FunctionHost host)
    {
        var client = new HttpClient { BaseAddress = host.Address };
        client.DefaultRequestHeaders.Authorization = new("Bearer", Key);
        return client;
    }

    private static StringContent Json(string text) => new(text, Encoding.UTF8, "application/json");
}
