using Limiter.Domain;
using Limiter.Domain.Decisions;
using Limiter.Engine.Leases;
using Limiter.Engine.Tests.Kit;
using Limiter.Engine.Tests.Oracles;

namespace Limiter.Engine.Tests.Checks;

/// <summary>However edges interleave, lose replies and die: never more is admitted than the limit.</summary>
public sealed class ManyEdgesTests
{
    [Theory]
    [InlineData("fixedWindow")]
    [InlineData("slidingWindow")]
    [InlineData("tokenBucket")]
    [InlineData("calendar")]
    public async Task They_never_admit_more_than_the_limit(string algorithm)
    {
        for (var seed = 1; seed <= 8; seed++) await RunAsync(algorithm, seed);
    }

    private static async Task RunAsync(string algorithm, int seed)
    {
        var random = new Random(seed);
        var window = algorithm == "calendar" ? "hour" : "60s";
        var number = random.Next(1, 120);
        var policy = Policies.Compile(
            $$"""
            {
              "policy": "many",
              "limits": {
                "limit": { "algorithm": "{{algorithm}}", "window": "{{window}}", "number": {{number}} }
              },
              "plans": { "only": {} },
              "cost": { "default": 1, "min": 1, "max": 5 },
              "response": { "describe": "limit", "reset": "unix", "denied": { "error": "denied" } }
            }
            """);
        await using var edges = new Edges(
            policy, random.Next(2, 6), new LeaseOptions { LifetimeMs = random.Next(2) == 0 ? 30_000 : 4_000 });
        for (var i = 0; i < edges.Count; i++) edges.Way(i).Choose = _ => FaultOf(random);
        await edges.SaveAsync("acme", "only");
        var admitted = new List<Spent>();
        for (var i = 0; i < 1_200; i++)
        {
            // A dead edge is one that is never used again.
            if (random.Next(200) == 0) edges.Way(edges.Add()).Choose = _ => FaultOf(random);
            var edge = random.Next(Math.Max(0, edges.Count - 5), edges.Count);
            var cost = random.Next(3) == 0 ? random.Next(1, 6) : 1;
            var decision = await edges.CheckAsync(Edges.Get("acme", cost: cost), edge);
            if (decision.Outcome == Outcome.Allowed) admitted.Add(new Spent(edges.Now, cost));
            if (random.Next(4) > 0) continue;
            await edges.AdvanceAsync(random.Next(12) == 0 ? random.Next(40_000) : random.Next(900));
        }
        admitted.Count.ShouldBeGreaterThan(0, $"{algorithm} seed {seed}");
        Promise.Check(policy.Limits[0].Rule, number, admitted, $"{algorithm}, {number}, seed {seed}");
    }

    private static Fault FaultOf(Random random)
    {
        lock (random)
            return random.Next(12) switch
            {
                0 => Fault.LosesReply,
                1 => Fault.Fails,
                _ => Fault.None,
            };
    }
}
