using Limiter.Domain.Escrow;
using Limiter.Engine.Callers;
using Limiter.Engine.InMemory;
using Limiter.Engine.Leases;
using Limiter.Simulation.Remotes;
using Limiter.Simulation.Running;
using Limiter.Simulation.Scenarios;
using Limiter.Simulation.Time;

namespace Limiter.Simulation.Edges;

/// <summary>All edges of a world, and how each life of one starts and ends.</summary>
internal sealed class Fleet(
    Pump pump, Dice dice, WorldPlan plan, PolicyInForce policy, Wiring wiring, Witness witness, Losses losses,
    Counting counting, Timeline timeline, Breakage? broken)
{
    /// <summary>The product's margin where edges and buckets are on several machines.</summary>
    public const long DriftMarginPpm = 250;

    private const long RestartMsMax = 5_000;
    private const long DrainMs = 1_000;
    private const long CloseMsMax = 5_000;

    private readonly List<Machine> _machines = [];
    private readonly List<Machine> _reachable = [];
    private readonly LeaseOptions _options = new() { LifetimeMs = plan.LifetimeMs, DriftPpm = DriftMarginPpm };
    private int _lives;

    /// <summary>Machines whose process takes requests, stopped ones included.</summary>
    public IReadOnlyList<Machine> Reachable => _reachable;

    public IReadOnlyList<Machine> Machines => _machines;

    /// <summary>Whether every edge has saved what it counted.</summary>
    public bool HasSavedUsage => _machines.TrueForAll(machine => machine.Edge?.HasSavedUsage ?? true);

    public void Start()
    {
        for (var i = 0; i < plan.Edges; i++) Start(NewMachine());
    }

    /// <summary>The process dies at once; another one starts after a while.</summary>
    public void Crash(Machine machine)
    {
        if (machine.Edge is not { } edge) return;
        timeline.Add($"edge {edge.Number} crashes");
        End(machine, edge);
        pump.In(dice.Between(10, RestartMsMax) * Pump.Millisecond, null, () => Start(machine));
    }

    /// <summary>Clients go elsewhere, or come back.</summary>
    public void SetReachable(Machine machine, bool isReachable)
    {
        if (isReachable == _reachable.Contains(machine)) return;
        if (isReachable) _reachable.Add(machine);
        else _reachable.Remove(machine);
    }

    /// <summary>As many edges as asked for: new ones start, the last ones give back what they hold and end.</summary>
    public void ScaleTo(int count)
    {
        timeline.Add($"{count} edges");
        while (_reachable.FindLast(machine => machine.Kind != MachineKind.Server) is { } last
            && _reachable.Count > count) Retire(last);
        foreach (var machine in _machines)
            if (_reachable.Count < count && machine.Edge is null) Start(machine);
        while (_reachable.Count < count) Start(NewMachine());
    }

    private Machine NewMachine()
    {
        var machine = new Machine(
            _machines.Count, dice.Between(-plan.DriftPpm, plan.DriftPpm),
            dice.Between(-plan.WallErrorMs, plan.WallErrorMs) * Pump.Millisecond, KindOf(_machines.Count));
        _machines.Add(machine);
        if (machine.Kind == MachineKind.Server) wiring.AddServer(machine);
        return machine;
    }

    private MachineKind KindOf(int index) => plan.Servers == 0 ? MachineKind.Plain
        : index < plan.Servers ? MachineKind.Server : MachineKind.Remote;

    private void Start(Machine machine)
    {
        if (machine.Edge is not null) return;
        var process = new Process($"edge {++_lives}");
        var clock = new EdgeClock(pump, process, machine.DriftPpm, machine.WallError);
        // A process with the client has nothing on its disk.
        if (machine.Kind != MachineKind.Remote) machine.Journal ??= new InMemoryRememberedChecks(clock);
        var id = new EdgeId(dice.Next());
        var anchors = new Anchors(witness);
        var ports = wiring.PortsOf(machine, id, process, clock, _options, anchors, dice.Fork());
        var edge = new SimulatedEdge(
            _lives, id, process, clock, ports, anchors, policy, _options, machine.Journal,
            new EdgeHandoff(pump, process), counting.NewTally(id, ports.Rows, clock), witness, broken);
        if (ports.Buckets is RemoteEdgeBuckets remote) remote.OnUnknown = edge.Forget;
        if (machine.Kind == MachineKind.Server) machine.Api = new LimiterApi(edge.Remotes, clock);
        witness.Started(edge);
        machine.Edge = edge;
        _ = edge.LoadAsync().AsTask();
        SetReachable(machine, true);
        timeline.Add(
            $"edge {edge.Number} starts on machine {machine.Index} ({machine.Kind}), drift {machine.DriftPpm} ppm");
    }

    private void Retire(Machine machine)
    {
        SetReachable(machine, false);
        if (machine.Edge is not { } edge) return;
        timeline.Add($"edge {edge.Number} is to end");
        pump.In(DrainMs * Pump.Millisecond, edge.Process, () => _ = CloseAsync(machine, edge));
        pump.In((DrainMs + CloseMsMax) * Pump.Millisecond, null, () => End(machine, edge));
    }

    private async Task CloseAsync(Machine machine, SimulatedEdge edge)
    {
        await edge.CloseAsync().ConfigureAwait(false);
        timeline.Add($"edge {edge.Number} has given back what it held");
        End(machine, edge);
    }

    private void End(Machine machine, SimulatedEdge edge)
    {
        if (!ReferenceEquals(machine.Edge, edge)) return;
        SetReachable(machine, false);
        if (!edge.HasSavedUsage) losses.Uncounted(edge);
        edge.Process.Kill();
        machine.Edge = null;
        losses.Ended(edge);
    }
}
