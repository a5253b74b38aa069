using Limiter.Domain.Policies;
using Limiter.Simulation.Running;
using Limiter.Simulation.Scenarios;
using Limiter.Simulation.Stores;

namespace Limiter.Simulation.Breaking;

/// <summary>The ways in which the product is broken on purpose, each in worlds where it can show.</summary>
internal static class Breakages
{
    private static readonly Workload[] s_bursty = [Workload.Bursty, Workload.WindowEdges];

    public static readonly IReadOnlyList<Breakage> All =
    [
        new("refill-ignores-outstanding", "bursts", Tokens, () => new GrantsSpentAtOnce(Algorithm.TokenBucket)),
        new("late-settle", "churn", 
            Bouncing, () => new LateSettles()),
        new("refund-after-full", "charges", plan => Tokens(plan) with { Load = (150, 400), Charges = 500_000 },
            () => new RefundsAlways()),
        new("wall-clock-alone", "clocks", null, null) { Clock = real => new OneClock(real, isWall: true) },
        new("monotonic-clock-alone", "clocks", null, null) { Clock = real => new OneClock(real, isWall: false) },
        new("not-idempotent", "bad-network", plan => plan with { Policy = "points" }, () => new ForgetsNumbers()),
        new("call-not-idempotent", "remote", plan => plan with { Policy = "points" }, () => new ForgetsNumbers()),
        new("sliding-charged-at-grant", "bursts", Sliding, () => new GrantsSpentAtOnce(Algorithm.SlidingWindow)),
        new("report-taken-for-close", "steady", plan => plan with { Policy = "points" }, () => new ReportsClose()),
        new("usage-forgotten", "steady", null, null) { ForgetsRows = 20_000 },
    ];

    public static Breakage Find(string name) => All.FirstOrDefault(breakage => breakage.Name == name)
        ?? throw new ArgumentException(
            $"Nothing is broken as {name}: {string.Join(", ", All.Select(breakage => breakage.Name))}.", nameof(name));

    private static WorldPlan Tokens(WorldPlan plan) =>
        plan with { Policy = "tokens", LifetimeMs = 30_000, Workloads = s_bursty };

    // Full and empty in turn, with edges that stop while they hold tokens and tell of them late.
    private static WorldPlan Bouncing(WorldPlan plan) => Tokens(plan) with
    {
        Tenants = 4, KeysPerTenant = 1, Load = (150, 300), Workloads = [Workload.OnOff],
        LifetimeMs = 5_000, Edges = 8, EdgesMax = 8, PauseEveryMs = 5_000, CostMax = 2,
    };

    private static WorldPlan Sliding(WorldPlan plan) =>
        plan with { Policy = "wundertre", LifetimeMs = 30_000, Workloads = s_bursty };
}
