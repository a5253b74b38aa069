using Limiter.Domain.Buckets;
using Limiter.Simulation.Running;
using Limiter.Simulation.Scenarios;
using Limiter.Simulation.Stores;
using Limiter.Simulation.Time;

namespace Limiter.Simulation.Edges;

/// <summary>What befalls edges, ways and hosts, each kind at its own pace, until the world comes to rest.</summary>
internal sealed class Troubles(
    Pump pump, Dice dice, WorldPlan plan, Fleet fleet, Cluster cluster, Network network, Losses losses,
    Timeline timeline)
{
    private const long PauseMsMax = 90_000;
    private const long HostPauseMsMax = 30_000;
    private const long FormerMsMax = 60_000;

    // Longer than any step of a wall clock: one of a machine's two clocks tells that it slept.
    private const long SleepMsMin = 1_200_000;
    private const long SleepMsMax = 3 * 3_600_000;

    private bool _isOver;

    /// <summary>When everybody who is stopped or asleep goes on again.</summary>
    public long CalmAt { get; private set; }

    public void Start()
    {
        Every(plan.CrashEveryMs, () => OnEdge(fleet.Crash));
        Every(plan.PauseEveryMs, () => OnEdge(Pause));
        Every(plan.SleepEveryMs, () => OnEdge(Sleep));
        Every(plan.StepEveryMs, () => OnEdge(Step));
        Every(plan.ScaleEveryMs, () => fleet.ScaleTo((int)dice.Between(1, plan.EdgesMax)));
        Every(plan.CutEveryMs, Cut);
        Every(plan.HostCrashEveryMs, () => dice.Pick(cluster.Places).Crash());
        Every(plan.HostMoveEveryMs, () => dice.Pick(cluster.Places).MoveAway(dice.Between(1, FormerMsMax)));
        Every(plan.HostPauseEveryMs, () => StopHost(dice.Pick(cluster.Places)));
    }

    /// <summary>Nothing new befalls anybody.</summary>
    public void End()
    {
        _isOver = true;
        network.Heal();
    }

    private void Every(long meanMs, Action happens)
    {
        if (meanMs == 0) return;
        pump.In(dice.Waiting(meanMs * Pump.Millisecond), null, () =>
        {
            if (_isOver) return;
            happens();
            Every(meanMs, happens);
        });
    }

    private void OnEdge(Action<Machine> happens)
    {
        if (fleet.Reachable.Count == 0) return;
        var machine = dice.Pick(fleet.Reachable);
        if (machine.Edge is { Process.Runs: true }) happens(machine);
    }

    private void Pause(Machine machine)
    {
        var edge = machine.Edge!;
        var ms = dice.Between(100, PauseMsMax);
        timeline.Add($"edge {edge.Number} stops for {ms} ms");
        edge.Process.Stop();
        Later(ms, () => edge.Process.GoOn(pump));
    }

    private void StopHost(HostPlace place)
    {
        var ms = dice.Between(1, HostPauseMsMax);
        Later(ms, place.Stop(ms));
    }

    private void Sleep(Machine machine)
    {
        // Whoever is cut off from all servers for so long tells too late what it did not spend.
        if (machine.Kind == MachineKind.Server) return;
        var edge = machine.Edge!;
        var ms = dice.Between(SleepMsMin, SleepMsMax);
        timeline.Add($"machine {machine.Index} sleeps for {ms} ms, and edge {edge.Number} with it");
        edge.Clock.FallAsleep();
        edge.Process.Stop();
        fleet.SetReachable(machine, false);
        if (ms >= Lease.LateMsMax) losses.Ended(edge);
        Later(ms, () =>
        {
            edge.Clock.WakeUp();
            edge.Process.GoOn(pump);
            if (ReferenceEquals(machine.Edge, edge)) fleet.SetReachable(machine, true);
        });
    }

    private void Later(long ms, Action happens)
    {
        var at = pump.Now + (ms * Pump.Millisecond);
        CalmAt = Math.Max(CalmAt, at);
        pump.At(at, null, happens);
    }

    private void Step(Machine machine)
    {
        var ms = dice.Between(-plan.StepMsMax, plan.StepMsMax);
        // Each life finds the clock as it was set last, and never further off than one step.
        var ticks = (ms * Pump.Millisecond) - machine.WallError;
        machine.WallError += ticks;
        machine.Edge!.Clock.Step(ticks);
        timeline.Add($"machine {machine.Index} sets its clock to {ms} ms off");
    }

    private void Cut()
    {
        var ms = dice.Waiting(plan.CutMs);
        var all = dice.Chance(300_000);
        var one = dice.Below(fleet.Machines.Count);
        timeline.Add($"no way to the hosts for {ms} ms from {(all ? "all machines" : $"machine {one}")}");
        foreach (var machine in fleet.Machines)
            for (var place = 0; place < cluster.Places.Count && (all || machine.Index == one); place++)
                if (all || dice.Chance(700_000)) network.Cut(machine.Index, place, ms);
    }
}
