using System.Text.Json;
using Limiter.Domain;
using Limiter.Domain.Alerts;
using Limiter.Domain.Decisions;
using Limiter.Domain.Policies;
using Limiter.Engine.Alerts;
using Limiter.Engine.Callers;
using Limiter.Engine.Checks;
using Limiter.Engine.Ports;
using Limiter.Engine.Tests.Kit;

namespace Limiter.Engine.Tests.Alerts;

/// <summary>What an edge tells of the limits of those whose checks it decides.</summary>
public sealed class AlertWatchTests
{
    private static readonly AlertRule Usual = AlertRule.None with { Thresholds = AlertRule.ThresholdsDefault };

    [Fact]
    public async Task Coming_to_a_threshold_and_exceeding_are_told_once_a_window()
    {
        await using var edges = await OfAsync();
        for (var window = 0; window < 3; window++)
        {
            await edges.AdmittedAsync(7, Edges.Get("acme"));
            (await ToldAsync(edges)).Count.ShouldBe(window * 2);
            await edges.AdmittedAsync(1, Edges.Get("acme"));
            (await ToldAsync(edges)).Count(one => one.Threshold == 80).ShouldBe(window + 1);
            await edges.AdmittedAsync(2, Edges.Get("acme"));
            (await ToldAsync(edges)).Count.ShouldBe(window * 2 + 1);
            await edges.AdmittedAsync(30, Edges.Get("acme"));
            (await ToldAsync(edges)).Count(one => one.Kind == AlertKind.Exceeded).ShouldBe(window + 1);
            await edges.AdvanceAsync(60_000);
        }
        (await ToldAsync(edges)).Count.ShouldBe(6);
        edges.Watch().Counts.Raised.ShouldBe(6);
    }

    [Fact]
    public async Task An_alert_says_which_limit_how_much_and_when()
    {
        await using var edges = await OfAsync();
        await edges.AdvanceAsync(1_500);
        await edges.AdmittedAsync(1, Edges.Get("acme", cost: 9));
        await edges.Watch().SaveAsync(default);
        var alert = (await ListAsync(edges)).ShouldHaveSingleItem();
        (alert.Limit, alert.Threshold, alert.Key, alert.State).ShouldBe(("minute", 80, null, AlertState.Waiting));
        using var body = JsonDocument.Parse(alert.Body.AsMemory());
        body.RootElement.GetRawText().ShouldBe(
            $$"""{"id":"{{alert.Id}}","kind":"threshold","tenant":"acme","plan":"small","limit":"minute","""
            + "\"threshold\":80,\"number\":10,\"used\":9,\"remaining\":1,\"windowStart\":\"2026-01-01T00:00:00Z\","
            + "\"windowEnd\":\"2026-01-01T00:01:00Z\",\"at\":\"2026-01-01T00:00:01.5Z\"}");
    }

    [Fact]
    public async Task Several_edges_tell_it_once()
    {
        await using var edges = await OfAsync(count: 4);
        for (var i = 0; i < 60; i++) await edges.CheckAsync(Edges.Get("acme"), i % 4);
        for (var edge = 0; edge < 4; edge++) await edges.Watch(edge).SaveAsync(default);
        (await ToldAsync(edges)).ShouldBe([(AlertKind.Exceeded, null), (AlertKind.Threshold, 80)], ignoreOrder: true);
    }

    [Theory]
    [InlineData("slidingWindow")]
    [InlineData("tokenBucket")]
    public async Task Without_windows_a_steady_use_above_a_threshold_is_told_once(string algorithm)
    {
        await using var edges = await OfAsync(Policies.TenAMinute(algorithm: algorithm));
        await edges.AdmittedAsync(8, Edges.Get("acme"));
        // Ten a minute come back, so one every six seconds keeps it there.
        for (var i = 0; i < 60; i++)
        {
            await edges.AdvanceAsync(6_000);
            if (algorithm == "tokenBucket") await edges.AdmittedAsync(1, Edges.Get("acme"));
            else await edges.AdmittedAsync(10, Edges.Get("acme"));
        }
        (await ToldAsync(edges)).Count(one => one.Kind == AlertKind.Threshold).ShouldBeLessThanOrEqualTo(
            algorithm == "tokenBucket" ? 1 : 7);
    }

    [Fact]
    public async Task Another_edge_does_not_tell_again_at_the_start_of_the_next_stretch()
    {
        await using var edges = await OfAsync(Policies.TenAMinute(algorithm: "slidingWindow"), count: 2);
        await edges.AdvanceAsync(58_000);
        await edges.AdmittedAsync(8, Edges.Get("acme"));
        await edges.Watch().SaveAsync(default);
        await edges.AdvanceAsync(4_000);
        await edges.AdmittedAsync(1, Edges.Get("acme"), edge: 1);
        await edges.Watch(1).SaveAsync(default);
        (await ToldAsync(edges)).ShouldHaveSingleItem().Kind.ShouldBe(AlertKind.Threshold);
    }

    [Fact]
    public async Task A_key_s_limit_is_told_with_its_key_and_an_address_s_not_at_all()
    {
        await using var edges = new Edges(Policies.PerEverything(1000, 10, 20), alertsOtherwise: Usual);
        await edges.SaveAsync("acme", "small");
        foreach (var key in new[] { "k1", "k2" })
        {
            await edges.AddKeyAsync("acme", key);
            for (var i = 0; i < 12; i++)
                await edges.CheckAsync(Edges.Get("acme") with { Key = key, Address = System.Net.IPAddress.Loopback });
        }
        await edges.Watch().SaveAsync(default);
        (await ListAsync(edges)).Select(alert => (alert.Limit, alert.Key, alert.Kind)).ShouldBe(
            [
                ("key", "k1", AlertKind.Threshold), ("key", "k1", AlertKind.Exceeded),
                ("key", "k2", AlertKind.Threshold), ("key", "k2", AlertKind.Exceeded),
            ], ignoreOrder: true);
    }

    [Fact]
    public async Task What_the_store_did_not_take_is_told_later_and_once()
    {
        await using var edges = await OfAsync();
        await edges.AdmittedAsync(8, Edges.Get("acme"));
        edges.Alerts.Fails = true;
        await Should.ThrowAsync<StoreUnavailableException>(() => edges.Watch().SaveAsync(default));
        await edges.AdmittedAsync(10, Edges.Get("acme"));
        (edges.Alerts.Fails, edges.Alerts.LosesReplies) = (false, true);
        await Should.ThrowAsync<StoreUnavailableException>(() => edges.Watch().SaveAsync(default));
        edges.Alerts.LosesReplies = false;
        await edges.AdvanceAsync(2_000);
        (await ToldAsync(edges)).Count.ShouldBe(2);
        edges.Watch().Waiting.ShouldBe(0);
    }

    [Fact]
    public async Task Looking_refusals_and_anonymous_callers_tell_nothing()
    {
        await using var edges = await OfAsync();
        await edges.AdmittedAsync(7, Edges.Get("acme"));
        for (var i = 0; i < 5; i++) await edges.PeekAsync(Edges.Get("acme"));
        (await edges.CheckAsync(Edges.Get("acme", cost: 100))).Refusal.ShouldBe(Refusal.CostAboveLimit);
        (await ToldAsync(edges)).ShouldBeEmpty();
        await using var open = new Edges(Policies.Shipped("workestra"), alertsOtherwise: Usual);
        var check = new Check
        {
            Address = System.Net.IPAddress.Loopback, Method = "GET", Path = "/things",
        };
        await open.AdmittedAsync(30, check);
        open.Watch().Waiting.ShouldBe(0);
    }

    [Fact]
    public async Task A_shadow_limit_tells_nothing()
    {
        var policy = Policies.Compile("""
            {
              "policy": "shadow",
              "limits": { "minute": { "algorithm": "fixedWindow", "window": "60s", "number": 10, "shadow": true } },
              "plans": { "small": {} },
              "response": { "describe": "binding", "denied": { "error": "denied" } }
            }
            """);
        await using var edges = await OfAsync(policy);
        (await edges.AdmittedAsync(30, Edges.Get("acme"))).ShouldBe(30);
        (await ToldAsync(edges)).ShouldBeEmpty();
    }

    [Fact]
    public async Task No_more_than_a_bounded_number_is_told_a_tenant_and_day()
    {
        var policy = Policies.Compile("""
            {
              "policy": "second",
              "limits": { "second": { "algorithm": "fixedWindow", "window": "1s", "number": 10 } },
              "plans": { "small": {} },
              "response": { "describe": "binding", "denied": { "error": "denied" } }
            }
            """);
        await using var edges = new Edges(policy, start: Edges.Start.AddMinutes(-15), alertsOtherwise: Usual);
        await edges.SaveAsync("acme", "small");
        for (var second = 0; second < 600; second++)
        {
            await edges.AdmittedAsync(11, Edges.Get("acme"));
            await edges.Watch().SaveAsync(default);
            await edges.AdvanceAsync(1_000);
        }
        var raised = edges.Watch().Counts.Raised;
        raised.ShouldBeInRange(AlertWatch.AlertsPerDayMax, AlertWatch.AlertsPerDayMax + 1);
        edges.Watch().Counts.Dropped.ShouldBe(1_200 - raised);
        await edges.AdvanceAsync(TimeSpan.FromMinutes(6));
        await edges.AdmittedAsync(11, Edges.Get("acme"));
        await edges.Watch().SaveAsync(default);
        edges.Watch().Counts.Raised.ShouldBe(raised + 2);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(9)]
    public async Task Looking_at_a_decision_allocates_nothing_far_from_a_limit_or_beyond_a_threshold(int cost)
    {
        await using var edges = await OfAsync();
        var decision = await edges.CheckAsync(Edges.Get("acme", cost: cost));
        var record = (await edges.Directory.FindTenantAsync(Edges.Tenant("acme"), default)).ShouldNotBeNull();
        var caller = Caller.Of(new PolicyInForce(edges.Policy, 1), record, default).ShouldNotBeNull();
        edges.Watch().Look(caller, decision);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 10_000; i++) edges.Watch().Look(caller, decision);
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBe(0);
        edges.Watch().Waiting.ShouldBe(cost == 9 ? 1 : 0);
    }

    private static async Task<Edges> OfAsync(Policy? policy = null, int count = 1)
    {
        var edges = new Edges(policy ?? Policies.TenAMinute(), count, alertsOtherwise: Usual);
        await edges.SaveAsync("acme", "small");
        return edges;
    }

    private static async Task<IReadOnlyList<Alert>> ListAsync(Edges edges, string tenant = "acme") =>
        (await edges.Alerts.ListAsync(Edges.Tenant(tenant), null, 1_000, default)).Items;

    private static async Task<List<(AlertKind Kind, int? Threshold)>> ToldAsync(Edges edges, string tenant = "acme")
    {
        await edges.Watch().SaveAsync(default);
        return [.. (await ListAsync(edges, tenant)).Select(alert => (alert.Kind, alert.Threshold))];
    }
}
