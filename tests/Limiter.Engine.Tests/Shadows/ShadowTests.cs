using Limiter.Domain;
using Limiter.Domain.Decisions;
using Limiter.Domain.Policies;
using Limiter.Domain.Usage;
using Limiter.Engine.Callers;
using Limiter.Engine.Checks;
using Limiter.Engine.Leases;
using Limiter.Engine.Ports;
using Limiter.Engine.Tests.Kit;

namespace Limiter.Engine.Tests.Shadows;

/// <summary>Limits that decide and count and refuse nobody.</summary>
public sealed class ShadowTests
{
    private static readonly Check Acme = Edges.Get("acme");

    [Theory]
    [InlineData("fixedWindow", "60s", 25, 0, 1)]
    [InlineData("fixedWindow", "60s", 25, 10_000, 2)]
    [InlineData("calendar", "hour", 500, 10_000, 3)]
    [InlineData("calendar", "day", 1_000, 0, 4)]
    public async Task Of_windows_it_would_deny_on_one_edge_what_the_same_limit_denies(
        string algorithm, string window, int number, int lifetime, int seed)
    {
        var options = new LeaseOptions { LifetimeMs = lifetime };
        await using var real = new Edges(Of(Limit("tried", algorithm, window, number)), 1, options);
        await using var shadowed = new Edges(
            Of(Limit("tried", algorithm, window, number, isShadow: true)), 1, options);
        await real.SaveAsync("acme", "only");
        await shadowed.SaveAsync("acme", "only");
        var random = new Random(seed);
        var denied = 0;
        for (var i = 0; i < 1_500; i++)
        {
            var check = Edges.Get("acme", cost: random.Next(1, 4));
            var expected = await real.CheckAsync(check);
            var decision = await shadowed.CheckAsync(check);
            decision.Outcome.ShouldBe(Outcome.Allowed);
            decision.IsShadowed.ShouldBe(expected.Outcome == Outcome.Denied, $"{i} at {real.Clock.GetUtcNow():O}");
            if (decision.IsShadowed) denied++;
            var pause = random.Next(20) == 0 ? random.Next(90_000) : random.Next(3_000);
            await real.AdvanceAsync(pause);
            await shadowed.AdvanceAsync(pause);
        }
        denied.ShouldBeInRange(20, 1_480);
    }

    [Theory]
    [InlineData("slidingWindow")]
    [InlineData("tokenBucket")]
    public async Task On_leases_it_errs_by_no_more_than_they_live(string algorithm)
    {
        await using var edges = new Edges(Of(Limit("tried", algorithm, "60s", 600, isShadow: true)));
        await edges.SaveAsync("acme", "only");
        var passed = 0;
        // Twenty a second, and ten would pass.
        for (var second = 0; second < 600; second++)
        {
            for (var i = 0; i < 20; i++)
                if (!(await edges.CheckAsync(Acme)).IsShadowed) passed++;
            await edges.AdvanceAsync(1_000);
        }
        passed.ShouldBeLessThanOrEqualTo(6_600);
        passed.ShouldBeGreaterThan(6_000 * 60 / 72);
    }

    [Fact]
    public async Task Other_limits_hold_exactly_and_a_denied_check_counts_nothing()
    {
        await using var edges = new Edges(Of(
            Limit("tried", "fixedWindow", "60s", 30, isShadow: true) + "," + Limit("real", "fixedWindow", "60s", 50)));
        await edges.SaveAsync("acme", "only");
        (await edges.AdmittedAsync(80, Acme)).ShouldBe(50);
        var denied = await edges.CheckAsync(Acme);
        denied.Limits[0].ShouldSatisfyAllConditions(
            limit => limit.Remaining.ShouldBe(0), limit => limit.WouldDeny.ShouldBeTrue(),
            limit => limit.Denies.ShouldBeFalse());
        denied.Limits[1].Denies.ShouldBeTrue();
        await edges.Tally().CloseAsync(default);
        var line = (await RowsAsync(edges)).ShouldHaveSingleItem().Sheet.Lines.ShouldHaveSingleItem();
        line.Counts.ShouldBe(new UsageCounts(50, 31, 0, 0, 50));
        line.DeniedBy.ShouldBe([new DeniedBy("real", 31)]);
        line.ShadowedBy.ShouldBe([new DeniedBy("tried", 20)]);
    }

    [Theory]
    [InlineData("fixedWindow")]
    [InlineData("slidingWindow")]
    public async Task Made_real_by_a_reload_it_has_counted_what_it_would_have_admitted(string algorithm)
    {
        await using var edges = new Edges(Of(Limit("tried", algorithm, "60s", 30, isShadow: true)));
        await edges.SaveAsync("acme", "only");
        (await edges.AdmittedAsync(20, Acme)).ShouldBe(20);
        edges[0].Adopt(new PolicyInForce(Of(Limit("tried", algorithm, "60s", 30)), 2));
        (await edges.AdmittedAsync(20, Acme)).ShouldBe(10);
        edges[0].Adopt(new PolicyInForce(Of(Limit("tried", algorithm, "60s", 30, isShadow: true)), 3));
        (await edges.AdmittedAsync(20, Acme)).ShouldBe(20);
        (await edges.CheckAsync(Acme)).IsShadowed.ShouldBeTrue();
    }

    [Fact]
    public async Task Several_edges_never_leave_it_in_debt()
    {
        await using var edges = new Edges(Of(Limit("tried", "fixedWindow", "60s", 30, isShadow: true)), 4);
        await edges.SaveAsync("acme", "only");
        for (var round = 0; round < 50; round++)
            for (var edge = 0; edge < 4; edge++)
                (await edges.CheckAsync(Acme, edge)).Outcome.ShouldBe(Outcome.Allowed);
        await edges.AdvanceAsync(120_000);
        var left = (await edges.PeekAsync(Acme)).Limits[0];
        (left.Remaining, left.WouldDeny).ShouldBe((30, false));
    }

    [Fact]
    public async Task It_asks_its_bucket_no_oftener_and_is_not_counted_while_that_is_out_of_reach()
    {
        await using var edges = new Edges(Of(
            Limit("tried", "fixedWindow", "60s", 5, isShadow: true) + ","
            + Limit("real", "fixedWindow", "60s", 9_000)));
        await edges.SaveAsync("acme", "only");
        await edges.AdmittedAsync(50, Acme);
        await edges.QuietAsync();
        edges.Way().Fault = Fault.Fails;
        var lease = await edges.CheckAsync(Acme);
        (lease.Outcome, lease.Mode, lease.IsShadowed).ShouldBe((Outcome.Allowed, DecisionMode.Leased, true));
    }

    [Fact]
    public async Task Looking_counts_nothing()
    {
        await using var edges = new Edges(Of(Limit("tried", "fixedWindow", "60s", 30, isShadow: true)));
        await edges.SaveAsync("acme", "only");
        for (var i = 0; i < 40; i++) (await edges.PeekAsync(Acme)).Limits[0].Remaining.ShouldBe(30);
        await edges.CheckAsync(Acme);
        (await edges.PeekAsync(Acme)).Limits[0].Remaining.ShouldBe(29);
    }

    private static async Task<IReadOnlyList<UsageRow>> RowsAsync(Edges edges)
    {
        var page = await edges.Usage.ListRowsAsync(
            Edges.Tenant("acme"), Instant.From(Edges.Start), edges.Now + 1, null, IUsageStore.PageMax, default);
        return page.Items;
    }

    private static string Limit(string name, string algorithm, string window, int number, bool isShadow = false) =>
        $$"""
        "{{name}}": { "algorithm": "{{algorithm}}", "window": "{{window}}", "number": {{number}}
        {{(isShadow ? ", \"shadow\": true" : "")}} }
        """;

    private static Policy Of(string limits) => Policies.Compile(
        $$"""
        {
          "policy": "shadows",
          "limits": { {{limits}} },
          "plans": { "only": {} },
          "cost": { "max": 100 },
          "response": { "denied": { "error": "denied" } }
        }
        """);
}
