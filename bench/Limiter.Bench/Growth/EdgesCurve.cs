using Limiter.Domain;
using Limiter.Domain.Buckets;
using Limiter.Domain.Escrow;
using Limiter.Simulation.Running;
using Limiter.Simulation.Scenarios;
using Limiter.Simulation.Stores;

namespace Limiter.Bench.Growth;

/// <summary>
/// What more edges cost, in the simulator: how often a bucket is asked, and how much is refused that an ideal central limiter
/// would have admitted. The same tenants and numbers at every size; the auditor looks on.
/// </summary>
internal static class EdgesCurve
{
    private const int Worlds = 5;
    private const int Checks = 20_000;

    public static Curve Measure()
    {
        var points = new List<CurvePoint>();
        foreach (var edges in new[] { 1, 2, 5, 10, 20, 50, 64, 100, 200 }) points.Add(Measure(edges));
        return new Curve(
            "edges", "edges",
            ["bucket operations a 1,000 checks, half loaded", "the same, overloaded", "% refused early, half loaded",
                "% refused early, overloaded"],
            points);
    }

    private static CurvePoint Measure(int edges)
    {
        var (half, over) = (Run(edges, percent: 50), Run(edges, percent: 150));
        return new CurvePoint(edges, [half.Operations, over.Operations, half.Early, over.Early]);
    }

    private static (double Operations, double Early) Run(int edges, int percent)
    {
        var scenario = new Scenario($"{edges}-edges", _ => new WorldPlan
        {
            Policy = "points", Checks = Checks, Tenants = 1, KeysPerTenant = 1, Edges = edges, EdgesMax = edges, Hosts = 1,
            CostMax = 1, Load = (percent, percent), Network = new NetworkWeather { DelayMs = 5 },
        });
        var (counting, checks, refusals) = (new CountingRule(), 0L, default(Limiter.Simulation.Auditing.RefusalCount));
        for (var seed = 1UL; seed <= Worlds; seed++)
        {
            var counted = new Breakage("nothing, but counted", scenario.Name, null, () => counting);
            var result = new World(scenario, seed, null, counted).Run();
            if (!result.IsClean) throw new InvalidOperationException(result.ToString());
            checks += result.Checks;
            refusals += result.Verdict.Refusals;
        }
        return (counting.Reserves * 1_000.0 / checks, refusals.EarlyShare * 100);
    }

    private sealed class CountingRule : BucketRule
    {
        public long Reserves { get; private set; }

        public override (ReserveReply Reply, BucketState Next) Reserve(
            BucketState? state, ReserveRequest request, Instant now)
        {
            Reserves++;
            return base.Reserve(state, request, now);
        }
    }
}
