using System.Globalization;
using System.Net;
using System.Text;
using Limiter.Engine.Clocks;
using Limiter.Http.Metrics;
using Limiter.Server;
using Limiter.Server.Options;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace Limiter.Http.Tests.Metrics;

public sealed class MetricsTests
{
    [Fact]
    public async Task Decisions_are_counted_by_plan_group_outcome_and_mode_and_never_by_tenant()
    {
        await using var server = await TestServer.StartAsync();
        await server.RegisterAsync("acme-corporation");
        for (var i = 0; i < 61; i++) await CheckAsync(server, "acme-corporation");
        await CheckAsync(server, "nobody-knows");
        var text = await server.Admin.GetStringAsync("/metrics");
        Sum(text, "limiter_decisions_total{", "outcome=\"allowed\"").ShouldBe(60);
        Sum(text, "limiter_decisions_total{plan=\"basic\"", "outcome=\"denied\"").ShouldBe(1);
        Sum(text, "limiter_decisions_total{plan=\"none\"", "outcome=\"refused\"").ShouldBe(1);
        Sum(text, "limiter_reserve_duration_seconds_count").ShouldBeGreaterThan(0);
        Sum(text, "limiter_reserve_duration_seconds_bucket{le=\"+Inf\"}")
            .ShouldBe(Sum(text, "limiter_reserve_duration_seconds_count"));
        Sum(text, "limiter_directory_read_duration_seconds_count").ShouldBeGreaterThan(1);
        Sum(text, "limiter_buckets ").ShouldBe(1);
        Sum(text, "limiter_policy_generation ").ShouldBe(1);
        text.ShouldContain("# TYPE limiter_tokens_held gauge\n");
        text.ShouldContain("limiter_degraded_duration_seconds_total{store=\"buckets\"} 0\n");
        text.ShouldNotContain("acme");
    }

    [Fact]
    public async Task Usage_waits_until_it_is_saved()
    {
        await using var server = await TestServer.StartAsync();
        await server.RegisterAsync();
        await CheckAsync(server, "acme");
        Sum(await server.Admin.GetStringAsync("/metrics"), "limiter_usage_waiting ").ShouldBe(1);
        (await server.Admin.PutAsync("/dev/clock", TestServer.Json("""{"advanceSeconds":70}""")))
            .EnsureSuccessStatusCode();
        Sum(await server.Admin.GetStringAsync("/metrics"), "limiter_usage_waiting ").ShouldBe(0);
    }

    [Fact]
    public async Task Metrics_are_the_admins_unless_a_setting_opens_them()
    {
        await using var server = await TestServer.StartAsync();
        (await server.Anyone.GetAsync("/metrics")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await server.Gateway.GetAsync("/metrics")).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        var answer = await server.Admin.GetAsync("/metrics");
        answer.Content.Headers.ContentType!.ToString().ShouldBe("text/plain; version=0.0.4; charset=utf-8");
        await using var open = await OpenAsync(new MetricsOptions { Open = true });
        using var client = new HttpClient();
        (await client.GetAsync(new Uri(open.Address, "/metrics"))).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_collector_is_sent_the_metrics_when_the_server_ends_at_the_latest()
    {
        var received = new List<(string Path, byte[] Body)>();
        await using var collector = await CollectorAsync(received);
        var server = await OpenAsync(new MetricsOptions { Otlp = new Uri(collector.Urls.First()) });
        await server.DisposeAsync();
        received.ShouldNotBeEmpty();
        received.ShouldAllBe(one => one.Path == "/v1/metrics");
        Encoding.Latin1.GetString(received[^1].Body).ShouldContain("limiter.policy.generation");
    }

    private static async Task<WebApplication> CollectorAsync(List<(string Path, byte[] Body)> received)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        app.Map("{**path}", (RequestDelegate)(async context =>
        {
            using var body = new MemoryStream();
            await context.Request.Body.CopyToAsync(body);
            lock (received) received.Add((context.Request.Path, body.ToArray()));
        }));
        await app.StartAsync();
        return app;
    }

    private static async Task<LimiterServer> OpenAsync(MetricsOptions metrics)
    {
        var options = new ServerOptions
        {
            Data = ServerOptions.InMemory,
            Urls = "http://127.0.0.1:0",
            Metrics = metrics,
        };
        var clock = new ManualClock(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
        var server = await LimiterServer.OpenAsync(options, Policies.Shipped("waqti"), clock, default);
        await server.StartAsync(default);
        return server;
    }

    private static Task<HttpResponseMessage> CheckAsync(TestServer server, string tenant) => server.Gateway.PostAsync(
        "/v1/check", TestServer.Json($$"""{"tenant":"{{tenant}}","method":"GET","path":"/"}"""));

    private static double Sum(string text, string start, string also = "") => text.Split('\n')
        .Where(line => line.StartsWith(start, StringComparison.Ordinal)
            && line.Contains(also, StringComparison.Ordinal))
        .Sum(line => double.Parse(line[(line.LastIndexOf(' ') + 1)..], CultureInfo.InvariantCulture));
}
