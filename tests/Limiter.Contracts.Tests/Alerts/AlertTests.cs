using System.Text.Json;
using Limiter.Domain.Alerts;
using Limiter.Engine.Clocks;
using Limiter.Http.Alerts;

namespace Limiter.Contracts.Tests.Alerts;

/// <summary>What the contracts promise of alerts, by the running server and its store, in the operator's log.</summary>
public sealed class AlertTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string Log => _folder.File("alerts.jsonl");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Workestra_is_told_at_80_percent_on_exceeding_and_of_the_day()
    {
        await using var served = await StartAsync("workestra");
        await served.RegisterAsync("acme", "standard");
        await served.SpendAsync(Ask.Read, 79);
        await served.AdvanceAsync(6);
        Told().ShouldBeEmpty();
        await served.SpendAsync(Ask.Read, 1);
        await served.AdvanceAsync(6);
        Told().ShouldBe(["threshold minute 80"]);
        await served.SpendAsync(Ask.Read, 20);
        for (var i = 0; i < 5; i++) (await served.CheckAsync(Ask.Read)).Status.ShouldBe(429);
        await served.AdvanceAsync(6);
        Told().ShouldBe(["threshold minute 80", "exceeded minute"]);
        await served.AdvanceAsync(60);
        await served.SpendAsync(Ask.Read, 80);
        await served.AdvanceAsync(6);
        Told()[2..].ShouldBe(["threshold minute 80"]);
        await served.AdvanceAsync(TimeSpan.FromHours(24.5));
        Told()[3..].ShouldBe(["summary"]);
        var summary = Lines()[^1];
        summary.GetProperty("day").GetString().ShouldBe("2026-01-01");
        summary.GetProperty("checks").GetInt64().ShouldBe(185);
        summary.GetProperty("denied").GetInt64().ShouldBe(5);
        summary.GetProperty("deniedBy").GetProperty("minute").GetInt64().ShouldBe(5);
        summary.GetProperty("charged").GetInt64().ShouldBe(180);
        summary.GetProperty("peakMinute").GetProperty("checks").GetInt64().ShouldBe(105);
    }

    [Fact]
    public async Task Lms_is_told_key_by_key_before_a_limit_is_reached()
    {
        await using var served = await StartAsync("lms");
        await served.RegisterAsync("acme", "professional");
        foreach (var key in new[] { "k1", "k2" })
        {
            await served.MintAsync("acme", key);
            await served.SpendAsync(Ask.Read with { Key = key }, 80);
        }
        await served.AdvanceAsync(6);
        Lines().Select(line => $"{line.GetProperty("limit")} {line.GetProperty("key")}")
            .ShouldBe(["burst k1", "burst k2"], ignoreOrder: true);
    }

    [Fact]
    public async Task A_server_that_starts_again_tells_nothing_of_a_window_twice_and_what_it_had_not_sent()
    {
        var clock = new ManualClock(Served.Start);
        await using (var served = await StartAsync("workestra", clock))
        {
            await served.RegisterAsync("acme", "standard");
            await served.SpendAsync(Ask.Read, 90);
            // Nobody moved the clock, so nothing was sent yet.
            Told().ShouldBeEmpty();
        }
        await using (var served = await StartAsync("workestra", clock))
        {
            await served.AdvanceAsync(6);
            Told().ShouldBe(["threshold minute 80"]);
            await served.SpendAsync(Ask.Read, 2);
            await served.AdvanceAsync(6);
            Told().Count.ShouldBe(1);
        }
    }

    [Fact]
    public async Task Two_servers_on_one_store_tell_once()
    {
        var clock = new ManualClock(Served.Start);
        await using var one = await StartAsync("workestra", clock);
        await using var two = await StartAsync("workestra", clock);
        await one.RegisterAsync("acme", "standard");
        for (var i = 0; i < 60; i++)
        {
            await one.CheckAsync(Ask.Read);
            await two.CheckAsync(Ask.Read);
        }
        for (var i = 0; i < 5; i++) await Task.WhenAll(one.AdvanceAsync(2), two.AdvanceAsync(2));
        Told().Order().ShouldBe(["exceeded minute", "threshold minute 80"]);
    }

    private Task<Served> StartAsync(string policy, TimeProvider? clock = null) => Served.StartAsync(
        policy, clock: clock, shared: _folder, alerts: new AlertingOptions
        {
            Otherwise = AlertRule.None with { Thresholds = AlertRule.ThresholdsDefault, Summary = true },
            File = Log,
        });

    private List<string> Told() =>
    [
        .. Lines().Select(line => string.Join(
            ' ', new[] { "kind", "limit", "threshold" }.Select(name =>
                line.TryGetProperty(name, out var value) ? value.ToString() : "").Where(text => text.Length > 0))),
    ];

    private List<JsonElement> Lines() => !File.Exists(Log) ? []
        : [.. File.ReadAllLines(Log).Select(line => JsonDocument.Parse(line).RootElement)];
}
