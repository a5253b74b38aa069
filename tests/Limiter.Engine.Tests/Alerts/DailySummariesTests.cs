using System.Text.Json;
using Limiter.Domain;
using Limiter.Domain.Alerts;
using Limiter.Domain.Usage;
using Limiter.Engine.Alerts;
using Limiter.Engine.Ports;
using Limiter.Engine.Tests.Kit;
using Limiter.Engine.Usage;

namespace Limiter.Engine.Tests.Alerts;

/// <summary>What tenants are told of a day that is over.</summary>
public sealed class DailySummariesTests
{
    private static readonly AlertRule Told = AlertRule.None with { Summary = true };

    [Fact]
    public async Task A_closed_day_is_told_once_with_its_counts_denials_and_peak()
    {
        await using var edges = await OfAsync("acme");
        await edges.AdmittedAsync(12, Edges.Get("acme"));
        await edges.AdvanceAsync(TimeSpan.FromHours(2));
        await edges.AdmittedAsync(3, Edges.Get("acme"));
        (await RunAsync(edges)).ShouldBe(0);
        await edges.AdvanceAsync(TimeSpan.FromHours(23));
        (await RunAsync(edges)).ShouldBe(1);
        (await RunAsync(edges)).ShouldBe(0);
        var alert = (await ListAsync(edges, "acme")).ShouldHaveSingleItem();
        using var body = JsonDocument.Parse(alert.Body.AsMemory());
        body.RootElement.GetRawText().ShouldBe(
            $$"""{"id":"{{alert.Id}}","kind":"summary","tenant":"acme","plan":"small","day":"2026-01-01","checks":15,"""
            + "\"allowed\":13,\"denied\":2,\"refused\":0,\"degraded\":0,\"cost\":13,\"deniedBy\":{\"minute\":2},"
            + "\"shadowedBy\":{},\"charged\":13,\"peakMinute\":{\"start\":\"2026-01-01T00:00:00Z\",\"checks\":12},"
            + "\"at\":\"2026-01-02T01:00:00Z\"}");
    }

    [Fact]
    public async Task A_day_without_usage_is_not_told_nor_one_of_a_tenant_whose_rule_asks_for_none()
    {
        await using var edges = await OfAsync("acme", "idle", "quiet");
        await edges.Alerts.SaveRuleAsync(AlertRule.None with { Tenant = Edges.Tenant("quiet") }, null, default);
        await edges.Watch().RefreshAsync(default);
        foreach (var tenant in new[] { "acme", "quiet" }) await edges.AdmittedAsync(1, Edges.Get(tenant));
        await edges.AdvanceAsync(TimeSpan.FromHours(25));
        (await RunAsync(edges)).ShouldBe(1);
        (await ListAsync(edges, "acme")).Count.ShouldBe(1);
    }

    [Fact]
    public async Task Without_a_rule_for_all_only_tenants_that_ask_are_told()
    {
        await using var edges = new Edges(Policies.TenAMinute());
        foreach (var tenant in new[] { "acme", "globex" })
        {
            await edges.SaveAsync(tenant, "small");
            await edges.AdmittedAsync(1, Edges.Get(tenant));
        }
        await edges.Alerts.SaveRuleAsync(Told with { Tenant = Edges.Tenant("globex") }, null, default);
        await edges.AdvanceAsync(TimeSpan.FromHours(25));
        (await RunAsync(edges)).ShouldBe(1);
        (await ListAsync(edges, "globex")).ShouldHaveSingleItem().Kind.ShouldBe(AlertKind.Summary);
    }

    [Fact]
    public async Task Days_that_were_missed_are_made_up_and_older_than_a_month_left()
    {
        await using var edges = await OfAsync("acme");
        await edges.AdmittedAsync(1, Edges.Get("acme"));
        await edges.AdvanceAsync(TimeSpan.FromHours(25));
        (await RunAsync(edges)).ShouldBe(1);
        for (var day = 0; day < 3; day++)
        {
            await edges.AdmittedAsync(1, Edges.Get("acme"));
            await edges.AdvanceAsync(TimeSpan.FromDays(1));
            await RollAsync(edges);
        }
        edges.Alerts.Fails = true;
        await Should.ThrowAsync<StoreUnavailableException>(() => RunAsync(edges));
        edges.Alerts.Fails = false;
        (await RunAsync(edges)).ShouldBe(3);
        var until = (await edges.Alerts.SummarisedUntilAsync(default)).ShouldNotBeNull();
        await edges.Usage.SaveProgressAsync(UsageGrain.Day, until + 40 * UsagePeriod.DayMs, default);
        (await RunAsync(edges)).ShouldBe(0);
        (await edges.Alerts.SummarisedUntilAsync(default)).ShouldBe(until + 40 * UsagePeriod.DayMs);
    }

    [Fact]
    public async Task Several_processes_at_once_tell_a_day_once()
    {
        await using var edges = await OfAsync([.. Enumerable.Range(0, 30).Select(i => $"t{i}")]);
        for (var i = 0; i < 30; i++) await edges.AdmittedAsync(1, Edges.Get($"t{i}"));
        await edges.AdvanceAsync(TimeSpan.FromHours(25));
        await RollAsync(edges);
        var added = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => SummariesOf(edges))));
        added.Sum().ShouldBe(30);
    }

    [Fact]
    public async Task Alerts_that_are_too_old_are_forgotten()
    {
        await using var edges = await OfAsync("acme");
        var now = Instant.From(edges.Clock.GetUtcNow());
        await edges.Alerts.AddAsync(TestAlert.Of(Edges.Tenant("acme"), now), default);
        var sender = new AlertSender(edges.Alerts, new Receiver(), new AlertCounts(), edges.Clock, static () => 0);
        (await sender.SendDueAsync(default)).ShouldBe(1);
        edges.Clock.Advance(TimeSpan.FromDays(40));
        await SummariesOf(edges);
        (await ListAsync(edges, "acme")).Count.ShouldBe(1);
        edges.Clock.Advance(TimeSpan.FromSeconds(1));
        await SummariesOf(edges);
        (await ListAsync(edges, "acme")).ShouldBeEmpty();
    }

    private static async Task<Edges> OfAsync(params string[] tenants)
    {
        var edges = new Edges(Policies.TenAMinute(), alertsOtherwise: Told);
        foreach (var tenant in tenants) await edges.SaveAsync(tenant, "small");
        return edges;
    }

    private static async Task<int> RunAsync(Edges edges)
    {
        await RollAsync(edges);
        return await SummariesOf(edges);
    }

    private static Task<int> RollAsync(Edges edges) => new UsageRoller(
        edges.Usage, edges.Charges, edges.Directory, () => edges.Policy, edges.Clock).CloseDaysAsync(default);

    private static async Task<int> SummariesOf(Edges edges)
    {
        await edges.Watch().RefreshAsync(default);
        return await new DailySummaries(edges.Alerts, edges.Usage, edges.Directory, edges.Watch(), edges.Clock)
            .RunAsync(default);
    }

    private static async Task<IReadOnlyList<Alert>> ListAsync(Edges edges, string tenant) =>
        (await edges.Alerts.ListAsync(Edges.Tenant(tenant), null, 100, default)).Items;
}
