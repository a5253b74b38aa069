using Limiter.Simulation.Remotes;
using Limiter.Simulation.Stores;
using Limiter.Simulation.Time;

namespace Limiter.Simulation.Scenarios;

/// <summary>Every kind of world.</summary>
internal static class Catalogue
{
    private static readonly IReadOnlyList<Workload> Mixed =
        [Workload.Steady, Workload.Bursty, Workload.OnOff, Workload.WindowEdges];

    public static readonly IReadOnlyList<Scenario> All =
    [
        new("steady", dice => Calm(dice)),
        new("embedded", dice => Calm(dice) with
        {
            Network = new NetworkWeather { IsLocal = true }, Edges = 1, EdgesMax = 1, Hosts = 1, LifetimeMs = 10_000,
        }),
        new("bursts", dice => Calm(dice) with { Workloads = [Workload.Bursty, Workload.OnOff] }),
        new("window-edges", dice => Calm(dice) with { Workloads = [Workload.WindowEdges] }),
        new("churn", dice => Calm(dice) with
        {
            Workloads = Mixed, CrashEveryMs = 40_000, PauseEveryMs = 60_000, ScaleEveryMs = 60_000, EdgesMax = 8,
        }),
        new("crowd", dice => Calm(dice) with
        {
            Workloads = Mixed, Edges = 4, EdgesMax = 50, ScaleEveryMs = 30_000, Tenants = 2,
        }),
        new("bad-network", dice => Calm(dice) with
        {
            Workloads = Mixed,
            Network = new NetworkWeather
            {
                DelayMs = dice.Between(1, 80), Loss = 20_000, Duplication = 50_000, Late = 10_000,
            },
        }),
        new("partition", dice => Calm(dice) with
        {
            Workloads = Mixed, CutEveryMs = 30_000, Repeats = 20_000,
        }),
        new("clocks", dice => Calm(dice) with
        {
            Workloads = Mixed, DriftPpm = 200, WallErrorMs = 180_000, StepEveryMs = 20_000, SleepEveryMs = 180_000,
            PauseEveryMs = 90_000, EdgesMax = 6, Edges = 6, HostMoveEveryMs = 30_000,
            Store = new StoreWeather { SkewMs = 1_000 },
        }),
        new("stores", dice => Calm(dice) with
        {
            Workloads = Mixed, HostCrashEveryMs = 60_000, HostMoveEveryMs = 40_000, HostPauseEveryMs = 60_000,
            Repeats = 20_000, Charges = 20_000, Store = Rough(dice),
        }),
        new("terms", dice => Calm(dice) with
        {
            Workloads = Mixed, TermsChangeEveryMs = dice.Between(3_000, 30_000), DirectoryAwayEveryMs = 90_000,
        }),
        new("charges", dice => Calm(dice) with { Workloads = Mixed, Charges = 200_000, Repeats = 50_000 }),
        new("everything", Everything),
        new("remote", dice => Remote(dice, Calm(dice)) with
        {
            Workloads = Mixed, Repeats = 20_000, Charges = 20_000,
            CrashEveryMs = 60_000, PauseEveryMs = 90_000, CutEveryMs = 90_000, StepEveryMs = 60_000,
            DriftPpm = 200, WallErrorMs = 60_000,
        }),
        new("remote-everything", dice => Remote(dice, Everything(dice))),
        .. PolicyLibrary.All.Select(policy => new Scenario(
            policy, dice => Calm(dice) with
            {
                Policy = policy, Workloads = [Workload.Steady, Workload.OnOff],
            })),
    ];

    public static Scenario Find(string name) => All.FirstOrDefault(scenario => scenario.Name == name)
        ?? throw new ArgumentException(
            $"There is no scenario {name}: {string.Join(", ", All.Select(scenario => scenario.Name))}.", nameof(name));

    /// <summary>Every seed has its scenario.</summary>
    public static Scenario Of(ulong seed) => All[(int)(seed % (ulong)All.Count)];

    // Good clocks, a good network, and hosts that stay.
    private static WorldPlan Calm(Dice dice)
    {
        var edges = (int)dice.Between(1, 6);
        return new WorldPlan
        {
            Policy = dice.Pick(PolicyLibrary.All),
            Checks = dice.Between(11_000, 40_000),
            Tenants = (int)dice.Between(1, 6),
            KeysPerTenant = (int)dice.Between(1, 3),
            Edges = edges,
            EdgesMax = edges,
            Hosts = (int)dice.Between(1, 3),
            LifetimeMs = dice.Pick<long>([1_000, 5_000, 10_000, 10_000, 30_000]),
            CostMax = (int)dice.Between(1, 10),
            Network = new NetworkWeather { DelayMs = dice.Between(1, 10) },
        };
    }

    // One to three servers, which answer checks too, and one to five edges that have only them.
    private static WorldPlan Remote(Dice dice, WorldPlan plan)
    {
        var servers = (int)dice.Between(1, 3);
        var edges = servers + (int)dice.Between(1, 5);
        return plan with
        {
            // Calls over HTTP, and the exceptions of those that fail, take most of such a world's time.
            Checks = dice.Between(11_000, 16_000),
            Servers = servers, Edges = edges, EdgesMax = Math.Max(edges, plan.EdgesMax),
            Calls = new CallWeather
            {
                DelayMs = dice.Between(1, 30), Loss = 5_000, Duplication = 20_000, Late = 3_000, Slow = 5_000,
                FailsBefore = 5_000, FailsAfter = 5_000, Garbage = 5_000,
            },
        };
    }

    private static StoreWeather Rough(Dice dice) => new()
    {
        WriteFails = 20_000, ReplyLost = 20_000, CrashBeforeSave = 500, CrashAfterSave = 500, SlowSave = 30_000,
        TrustsMemory = dice.Chance(500_000), SkewMs = dice.Between(0, 1_000),
    };

    private static WorldPlan Everything(Dice dice) => Calm(dice) with
    {
        Workloads = Mixed,
        Network = new NetworkWeather
        {
            DelayMs = dice.Between(1, 30), Loss = 5_000, Duplication = 20_000, Late = 3_000,
        },
        Store = Rough(dice),
        EdgesMax = (int)dice.Between(6, 50),
        CrashEveryMs = 90_000, PauseEveryMs = 120_000, SleepEveryMs = 600_000, ScaleEveryMs = 60_000,
        CutEveryMs = 60_000, HostCrashEveryMs = 120_000, HostMoveEveryMs = 60_000, HostPauseEveryMs = 120_000,
        TermsChangeEveryMs = 20_000, DirectoryAwayEveryMs = 120_000, Charges = 20_000,
        DriftPpm = 200, WallErrorMs = 60_000, StepEveryMs = 60_000,
    };
}
