using Limiter.Domain;
using Limiter.Domain.Decisions;
using Limiter.Domain.Tenants;
using Limiter.Engine.Checks;
using Limiter.Engine.Tests.Kit;

namespace Limiter.Engine.Tests.Checks;

/// <summary>Tenants that are suspended, limits that are adjusted to nothing, and requests that are exempt.</summary>
public sealed class SuspensionTests
{
    private const string Exempting = """
        {
          "policy": "exempting",
          "limits": {
            "minute": { "algorithm": "fixedWindow", "window": "60s", "number": 10 },
            "hour": { "algorithm": "slidingWindow", "window": "1h", "number": 100 },
            "day": { "algorithm": "calendar", "window": "day", "number": 1000 }
          },
          "plans": { "small": {} },
          "exempt": ["GET /health", "OPTIONS /*"],
          "response": { "describe": "minute", "reset": "unix", "denied": { "error": "denied" } }
        }
        """;

    private static readonly Check Acme = Edges.Get("acme");

    [Fact]
    public async Task A_suspended_tenant_is_refused_here_at_once_and_on_every_edge_within_a_minute()
    {
        await using var edges = new Edges(Policies.TenAMinute(), 3);
        await edges.SaveAsync("acme", "big");
        for (var edge = 0; edge < 3; edge++) (await edges.AdmittedAsync(5, Acme, edge)).ShouldBe(5);
        await SuspendAsync(edges, Instant.Never);
        edges[0].Forget(Edges.Tenant("acme"));
        var refused = await edges.CheckAsync(Acme);
        (refused.Outcome, refused.Refusal, refused.RetryAt).ShouldBe(
            (Outcome.Refused, Refusal.Suspended, Instant.Never));
        for (var second = 0; second < 60; second++)
        {
            await edges.AdvanceAsync(1_000);
            for (var edge = 1; edge < 3; edge++) await edges.CheckAsync(Acme, edge);
        }
        for (var edge = 0; edge < 3; edge++)
        {
            (await edges.CheckAsync(Acme, edge)).Refusal.ShouldBe(Refusal.Suspended);
            (await edges.PeekAsync(Acme, edge)).Refusal.ShouldBe(Refusal.Suspended);
        }
    }

    [Fact]
    public async Task A_suspension_ends_by_itself_and_what_was_used_before_it_counts()
    {
        await using var edges = new Edges(Policies.TenAMinute());
        await edges.SaveAsync("acme", "small");
        (await edges.AdmittedAsync(7, Acme)).ShouldBe(7);
        await SuspendAsync(edges, edges.Now + 20_000);
        edges[0].Forget(Edges.Tenant("acme"));
        await edges.AdvanceAsync(19_999);
        var refused = await edges.CheckAsync(Acme);
        (refused.Refusal, refused.RetryAt - edges.Now).ShouldBe((Refusal.Suspended, 1));
        await edges.AdvanceAsync(1);
        (await edges.AdmittedAsync(10, Acme)).ShouldBe(3);
    }

    [Fact]
    public async Task A_suspended_tenant_stays_so_while_the_directory_is_out_of_reach()
    {
        await using var edges = new Edges(Policies.TenAMinute());
        await edges.SaveAsync("acme", "small");
        await SuspendAsync(edges, Instant.Never);
        await edges.CheckAsync(Acme);
        edges.Directory.Fails = true;
        for (var second = 0; second < 90; second++)
        {
            await edges.AdvanceAsync(1_000);
            (await edges.CheckAsync(Acme)).Refusal.ShouldBe(Refusal.Suspended);
        }
    }

    [Fact]
    public async Task A_factor_of_0_on_every_limit_denies_on_every_edge_and_what_was_used_counts_afterwards()
    {
        await using var edges = new Edges(Policies.Compile(Exempting), 2);
        await edges.SaveAsync("acme", "small");
        (await edges.AdmittedAsync(2, Acme) + await edges.AdmittedAsync(2, Acme, 1)).ShouldBe(4);
        await edges.AdvanceAsync(60_000);
        var until = edges.Now + 90_000;
        await edges.SaveAsync("acme", "small", record => record with
        {
            Adjustments = record.Adjustments.AddRange(new[] { "minute", "hour", "day" }.Select(limit =>
                KeyValuePair.Create(Edges.Limit(limit), new Adjustment(0, null, until, "scraping")))),
        });
        for (var second = 0; second < 60; second++)
        {
            for (var edge = 0; edge < 2; edge++) await edges.PeekAsync(Acme, edge);
            await edges.AdvanceAsync(1_000);
        }
        for (var edge = 0; edge < 2; edge++)
        {
            var denied = await edges.CheckAsync(Acme, edge);
            denied.Outcome.ShouldNotBe(Outcome.Allowed);
            foreach (var status in denied.Limits) status.Number.ShouldBe(0);
        }
        await edges.AdvanceAsync(30_000);
        var allowed = await edges.CheckAsync(Acme);
        allowed.Outcome.ShouldBe(Outcome.Allowed);
        allowed.Limits[1].Remaining.ShouldBe(100 - 5);
    }

    [Fact]
    public async Task An_exempt_request_passes_without_an_identity_a_cost_or_a_bucket()
    {
        await using var edges = new Edges(Policies.Compile(Exempting));
        await edges.SaveAsync("acme", "small");
        await SuspendAsync(edges, Instant.Never);
        var reads = edges.Directory.Reads;
        var health = new Check { Method = "GET", Path = "/health", Cost = 1_000_000 };
        foreach (var check in new[]
        {
            health, health with { Tenant = "acme" }, health with { Tenant = "nobody" },
            health with { Credential = "unknown" }, new Check { Method = "OPTIONS", Path = "/any/thing" },
        })
            for (var i = 0; i < 20; i++)
            {
                var decision = await edges.CheckAsync(check);
                (decision.Outcome, decision.Cost, decision.Limits.Length).ShouldBe((Outcome.Allowed, 0, 0));
            }
        (edges.Directory.Reads, edges.Way().Calls).ShouldBe((reads, 0));
        (await edges.CheckAsync(Acme)).Refusal.ShouldBe(Refusal.Suspended);
    }

    private static Task SuspendAsync(Edges edges, Instant until) =>
        edges.SaveAsync("acme", "small", record => record with { Suspension = new Suspension(until, "unpaid") });
}
