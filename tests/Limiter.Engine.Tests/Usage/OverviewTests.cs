using Limiter.Domain.Decisions;
using Limiter.Engine.Clocks;
using Limiter.Engine.Tests.Kit;
using Limiter.Engine.Usage;

namespace Limiter.Engine.Tests.Usage;

/// <summary>The last minutes of all tenants, and how near each is to its limits.</summary>
public sealed class OverviewTests
{
    [Fact]
    public async Task The_last_minutes_of_all_edges_are_told_the_busiest_first()
    {
        await using var edges = await OfAsync("acme", "beta", "idle");
        for (var minute = 0; minute < 7; minute++)
        {
            await edges.AdmittedAsync(2, Edges.Get("acme"), edge: 0);
            await edges.AdmittedAsync(1, Edges.Get("acme"), edge: 1);
            await edges.AdmittedAsync(5, Edges.Get("beta"), edge: 1);
            await edges.AdvanceAsync(60_000);
        }
        await edges.AdvanceAsync(UsageReader.MinuteGraceMs);
        var overview = await ReaderOf(edges).ReadAsync(false, 0, 100, default);
        overview.Recent.Until.ShouldBe(Limiter.Domain.Instant.From(Edges.Start.AddMinutes(7)));
        overview.Recent.LastMinute.Checks.ShouldBe(8);
        overview.Page.Select(one => (one.Recent.Tenant.Text, one.Recent.Line.Counts.Checks, one.Plan))
            .ShouldBe([("beta", 25, "big"), ("acme", 15, "big")]);
    }

    [Fact]
    public async Task A_minute_is_read_once_however_often_somebody_looks()
    {
        await using var edges = await OfAsync("acme");
        await edges.AdmittedAsync(1, Edges.Get("acme"));
        await edges.AdvanceAsync(70_000);
        var recent = new RecentUsage(edges.Usage, edges.Clock);
        await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => recent.ViewAsync(default).AsTask()));
        // The five minutes lie in two hours.
        edges.Usage.MinutePages.ShouldBe(2);
        await edges.AdvanceAsync(60_000);
        await recent.ViewAsync(default);
        edges.Usage.MinutePages.ShouldBe(3);
        (await recent.ViewAsync(default)).Tenants.ShouldHaveSingleItem();
        await edges.AdvanceAsync(5 * 60_000);
        (await recent.ViewAsync(default)).Tenants.ShouldBeEmpty();
    }

    [Fact]
    public async Task Who_is_near_or_over_a_limit_is_told_first_when_that_is_asked()
    {
        await using var edges = new Edges(Policies.TenAMinute());
        foreach (var name in new[] { "calm", "near", "over", "denied" }) await edges.SaveAsync(name, "small");
        // The plan has ten a minute: what is used of the first minute shows while it lasts.
        await edges.AdvanceAsync(60_000);
        foreach (var (name, checks) in new[] { ("calm", 7), ("near", 8), ("over", 10), ("denied", 11) })
            await edges.AdmittedAsync(checks, Edges.Get(name));
        await edges.Tally().SaveDueAsync(default);
        await edges.AdvanceAsync(60_000 + UsageReader.MinuteGraceMs);
        foreach (var (name, checks) in new[] { ("calm", 7), ("near", 8), ("over", 10) })
            await edges.AdmittedAsync(checks, Edges.Get(name));
        var reader = ReaderOf(edges);
        var overview = await reader.ReadAsync(true, 0, 100, default);
        (overview.Near, overview.Over).ShouldBe((1, 2));
        overview.Page.Select(one => one.State).ShouldBe(
            [StandingState.Over, StandingState.Over, StandingState.Near, StandingState.Ok]);
        overview.Page.Select(one => one.Recent.Tenant.Text).ShouldBe(["over", "denied", "near", "calm"]);
        overview.Page[2].Limits.Single(limit => limit.Limit.Name == "minute").Remaining.ShouldBe(2);
        var second = await reader.ReadAsync(true, 1, 2, default);
        second.Page.Select(one => one.Recent.Tenant.Text).ShouldBe(["denied", "near"]);
    }

    [Fact]
    public async Task A_look_at_a_tenant_s_limits_is_kept_for_some_seconds()
    {
        await using var edges = await OfAsync("acme");
        await edges.AdmittedAsync(1, Edges.Get("acme"));
        await edges.AdvanceAsync(70_000);
        var pace = new ManualClock(Edges.Start);
        var reader = new OverviewReader(
            new RecentUsage(edges.Usage, edges.Clock), edges[0], edges.Clock, pace: pace);
        var before = LimitOf(await reader.ReadAsync(false, 0, 1, default)).Remaining;
        await edges.AdmittedAsync(3, Edges.Get("acme"));
        LimitOf(await reader.ReadAsync(false, 0, 1, default)).Remaining.ShouldBe(before);
        pace.Advance(TimeSpan.FromSeconds(5));
        LimitOf(await reader.ReadAsync(false, 0, 1, default)).Remaining.ShouldBe(before - 3);
    }

    private static LimitStatus LimitOf(Overview overview) =>
        overview.Page[0].Limits.Single(limit => limit.Limit.Name == "minute");

    private static OverviewReader ReaderOf(Edges edges) =>
        new(new RecentUsage(edges.Usage, edges.Clock), edges[0], edges.Clock, pace: edges.WaitClock);

    private static async Task<Edges> OfAsync(params string[] tenants)
    {
        var made = new Edges(Policies.TenAMinute(), 2);
        foreach (var tenant in tenants) await made.SaveAsync(tenant, "big");
        return made;
    }
}
