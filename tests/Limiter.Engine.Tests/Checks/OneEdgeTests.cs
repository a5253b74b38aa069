using System.Net;
using Limiter.Domain.Decisions;
using Limiter.Engine.Checks;
using Limiter.Engine.Leases;
using Limiter.Engine.Tests.Kit;
using Limiter.Engine.Tests.Oracles;

namespace Limiter.Engine.Tests.Checks;

/// <summary>On one edge every decision is the plain algorithm's, to the millisecond, whatever leases do.</summary>
public sealed class OneEdgeTests
{
    private const int Steps = 1_500;

    [Theory]
    [InlineData("workestra", "standard", "anonymous")]
    [InlineData("workestra", "professional", "")]
    [InlineData("wundertre", "standard", "")]
    [InlineData("waqti", "basic", "")]
    [InlineData("waqti", "enterprise", "")]
    [InlineData("lms", "professional", "")]
    [InlineData("points", "build", "")]
    public async Task A_shipped_policy_is_kept_to_the_letter(string policy, string plan, string anonymous)
    {
        for (var seed = 1; seed <= 4; seed++)
            await RunAsync(Policies.Shipped(policy), plan, anonymous, seed, null);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(1_000)]
    [InlineData(30_000)]
    public async Task Whatever_the_lifetime_of_leases(long lifetimeMs)
    {
        foreach (var policy in new[] { "lms", "points", "waqti" })
            await RunAsync(
                Policies.Shipped(policy), Policies.Shipped(policy).Plans[0].Name, "", 7,
                new LeaseOptions { LifetimeMs = lifetimeMs });
    }

    [Theory]
    [InlineData("fixedWindow")]
    [InlineData("slidingWindow")]
    [InlineData("tokenBucket")]
    public async Task Whatever_a_request_costs(string algorithm)
    {
        for (var seed = 11; seed <= 14; seed++)
            await RunAsync(Policies.TenAMinute(algorithm: algorithm), seed % 2 == 0 ? "big" : "small", "", seed, null);
    }

    [Fact]
    public async Task With_limits_of_every_kind_and_length_together()
    {
        var policy = Policies.Compile(
            """
            {
              "policy": "many",
              "limits": {
                "hour": { "algorithm": "calendar", "window": "hour", "number": 200 },
                "sliding": { "algorithm": "slidingWindow", "window": "5m", "number": 60 },
                "read": { "algorithm": "fixedWindow", "window": "10s", "number": 20, "groups": ["read"] },
                "write": { "algorithm": "fixedWindow", "window": "60s", "number": 25, "groups": ["write"] },
                "burst": { "algorithm": "tokenBucket", "window": "10s", "number": 15, "groups": ["write"] }
              },
              "plans": { "only": {} },
              "endpoints": [
                { "group": "read", "match": "GET /*" },
                { "group": "write", "match": "POST /*" }
              ],
              "cost": { "default": 1, "min": 1, "max": 5 },
              "response": { "describe": "binding", "reset": "unix", "denied": { "error": "denied" } }
            }
            """);
        for (var seed = 21; seed <= 26; seed++) await RunAsync(policy, "only", "", seed, null);
    }

    [Fact]
    public async Task With_a_bucket_for_the_tenant_one_for_its_key_and_one_for_the_address()
    {
        for (var seed = 31; seed <= 34; seed++)
            await RunAsync(Policies.PerEverything(40, 30, 20), "small", "", seed, null);
    }

    private static async Task RunAsync(
        Domain.Policies.Policy policy, string plan, string anonymous, int seed, LeaseOptions? options)
    {
        var random = new Random(seed);
        await using var edges = new Edges(policy, options: options);
        await edges.SaveAsync("acme", plan);
        await edges.AddKeyAsync("acme", "k");
        var known = new PlainCaller(policy, plan, edges.Now);
        var unknown = anonymous == "" ? null : new PlainCaller(policy, anonymous, edges.Now);
        var traffic = new Traffic(random, policy);
        for (var i = 0; i < Steps; i++)
        {
            await edges.AdvanceAsync(traffic.NextPause());
            var check = traffic.NextCheck(edges.Now) with { Address = IPAddress.Loopback };
            var isKnown = unknown is null || random.Next(4) > 0;
            if (isKnown) check = check with { Tenant = "acme", Key = policy.RequiresKey ? "k" : null };
            var step = $"{policy.Name} seed {seed} step {i} at {edges.Now}: {check.Method} {check.Path} {check.Cost}";
            var oracle = isKnown ? known : unknown!;
            if (random.Next(10) == 0) oracle.Look(await edges.PeekAsync(check), edges.Now, $"look, {step}");
            else oracle.Judge(await edges.CheckAsync(check), edges.Now, step);
        }
        known.Allowed.ShouldBeGreaterThan(50);
    }
}
