using System.Net;
using Limiter.Domain;
using Limiter.Domain.Decisions;
using Limiter.Domain.Policies;
using Limiter.Domain.Tenants;
using Limiter.Engine.Checks;
using Limiter.Engine.Explaining;
using Limiter.Engine.Leases;
using Limiter.Engine.Ports;
using Limiter.Engine.Tests.Kit;

namespace Limiter.Engine.Tests.Explaining;

/// <summary>What is told of a check before it is made, held against what becomes of it.</summary>
public sealed class ExplainTests
{
    private static readonly Check Acme = Edges.Get("acme");

    [Theory]
    [InlineData("fixedWindow", 10_000, 1)]
    [InlineData("slidingWindow", 10_000, 2)]
    [InlineData("tokenBucket", 10_000, 3)]
    [InlineData("slidingWindow", 0, 4)]
    [InlineData("tokenBucket", 0, 5)]
    public async Task It_tells_whether_a_check_passes_and_the_moment_at_which_it_would(
        string algorithm, int lifetime, int seed)
    {
        var options = new LeaseOptions { LifetimeMs = lifetime };
        await using var edges = new Edges(Policies.TenAMinute(algorithm: algorithm), 1, options);
        await edges.SaveAsync("acme", "small");
        var random = new Random(seed);
        var denied = 0;
        for (var i = 0; i < 200; i++)
        {
            var check = Edges.Get("acme", cost: random.Next(1, 11));
            var told = await ExplainAsync(edges, check);
            if (told.Decision.Outcome == Outcome.Denied)
            {
                denied++;
                var wait = told.PassesAt - edges.Now;
                wait.ShouldBeGreaterThan(0);
                await edges.AdvanceAsync(wait - 1);
                (await edges.CheckAsync(check)).Outcome.ShouldBe(Outcome.Denied);
                await edges.AdvanceAsync(1);
            }
            else
            {
                told.PassesAt.ShouldBe(told.Decision.At);
            }
            (await edges.CheckAsync(check)).Outcome.ShouldBe(Outcome.Allowed);
            await edges.AdvanceAsync(random.Next(15_000));
        }
        denied.ShouldBeGreaterThan(20);
    }

    [Fact]
    public async Task It_consumes_nothing()
    {
        await using var edges = new Edges(Policies.TenAMinute());
        await edges.SaveAsync("acme", "small");
        (await edges.AdmittedAsync(4, Acme)).ShouldBe(4);
        for (var i = 0; i < 20; i++)
        {
            (await ExplainAsync(edges, Edges.Get("acme", cost: 6))).Decision.Outcome.ShouldBe(Outcome.Allowed);
            (await ExplainAsync(edges, Edges.Get("acme", cost: 7))).Decision.Outcome.ShouldBe(Outcome.Denied);
        }
        (await edges.AdmittedAsync(20, Acme)).ShouldBe(6);
    }

    [Fact]
    public async Task A_cost_above_a_limit_never_passes()
    {
        await using var edges = new Edges(Policies.TenAMinute());
        await edges.SaveAsync("acme", "small");
        var told = await ExplainAsync(edges, Edges.Get("acme", cost: 11));
        (told.Decision.Outcome, told.PassesAt).ShouldBe((Outcome.Denied, Instant.Never));
    }

    [Fact]
    public async Task Every_bucket_is_named_and_the_one_with_least_left_binds()
    {
        await using var edges = new Edges(Policies.PerEverything(tenant: 10, key: 8, ip: 9));
        await edges.SaveAsync("acme", "small");
        await edges.AddKeyAsync("acme", "k1");
        var check = Acme with { Key = "k1", Address = IPAddress.Parse("203.0.113.9") };
        (await edges.AdmittedAsync(5, check)).ShouldBe(5);
        var told = await ExplainAsync(edges, check);
        told.Limits.Select(limit => (limit.Limit.Name, limit.Value, limit.Status!.Value.Remaining, limit.Binds))
            .ShouldBe([("tenant", "acme", 5, false), ("key", "k1", 3, true), ("ip", "203.0.113.9", 4, false)]);
        (await edges.AdmittedAsync(3, check)).ShouldBe(3);
        told = await ExplainAsync(edges, check);
        told.Limits.Where(limit => limit.Lacks).Select(limit => limit.Limit.Name).ShouldBe(["key"]);
        await edges.AdvanceAsync(told.PassesAt - edges.Now);
        (await edges.CheckAsync(check)).Outcome.ShouldBe(Outcome.Allowed);
    }

    [Fact]
    public async Task A_bucket_out_of_reach_cannot_be_explained_whatever_the_policy_admits()
    {
        await using var edges = new Edges(Policies.TenAMinute("\"open\""));
        await edges.SaveAsync("acme", "small");
        edges.Way().Fault = Fault.Fails;
        await Should.ThrowAsync<BucketsUnavailableException>(() => ExplainAsync(edges, Acme));
    }

    [Fact]
    public async Task An_unknown_tenant_is_refused_as_a_check_of_it_is()
    {
        await using var edges = new Edges(Policies.TenAMinute());
        (await ExplainAsync(edges, Acme)).Decision.Refusal.ShouldBe(Refusal.UnknownTenant);
        await edges.SaveAsync("acme", "small");
        (await ExplainAsync(edges, Edges.Get("acme", cost: 101))).Decision.Refusal.ShouldBe(Refusal.CostOutOfBounds);
    }

    [Fact]
    public async Task A_suspended_tenant_is_refused_and_an_exempt_request_passes_whoever_asks()
    {
        await using var edges = new Edges(Policies.Compile(
            """
            {
              "policy": "exempting",
              "limits": { "minute": { "algorithm": "fixedWindow", "window": "60s", "number": 5 } },
              "plans": { "small": {} },
              "exempt": ["GET /health"],
              "response": { "denied": { "error": "denied" } }
            }
            """));
        await edges.SaveAsync("acme", "small", record => record with
        {
            Suspension = new Suspension(edges.Now + 60_000, "unpaid"),
        });
        (await ExplainAsync(edges, Acme)).Decision.Refusal.ShouldBe(Refusal.Suspended);
        var told = await ExplainAsync(edges, Edges.Get("acme", "/health"));
        (told.Decision.Outcome, told.PassesAt).ShouldBe((Outcome.Allowed, edges.Now));
        told.Limits.ShouldBeEmpty();
        await edges.AdvanceAsync(60_000);
        (await ExplainAsync(edges, Acme)).Decision.Outcome.ShouldBe(Outcome.Allowed);
    }

    private static Task<Explanation> ExplainAsync(Edges edges, Check check) =>
        edges[0].ExplainAsync(check, default).AsTask();
}
