using Limiter.Engine.InMemory;
using Limiter.Simulation.Remotes;

namespace Limiter.Simulation.Edges;

/// <summary>Where one edge runs, one life after the other.</summary>
internal sealed class Machine(int index, long driftPpm, long wallError, MachineKind kind)
{
    public MachineKind Kind { get; } = kind;

    public int Index { get; } = index;

    public long DriftPpm { get; } = driftPpm;

    /// <summary>Ticks that its wall clock is ahead.</summary>
    public long WallError { get; set; } = wallError;

    /// <summary>Null while no process runs, and while it is about to end.</summary>
    public SimulatedEdge? Edge { get; set; }

    /// <summary>What its process answers over HTTP; null unless it is a server.</summary>
    public LimiterApi? Api { get; set; }

    /// <summary>On its disk, so the next life finds it. Made with the first life's clock.</summary>
    public InMemoryRememberedChecks? Journal { get; set; }

    /// <summary>True while clients can reach it; a stopped process still can be, it only does not answer.</summary>
    public bool IsReachable { get; set; }
}

internal enum MachineKind
{
    /// <summary>Its edge asks the buckets itself.</summary>
    Plain,

    /// <summary>The same, and it serves edges in other processes.</summary>
    Server,

    /// <summary>Its edge has the buckets and the register from a server, over HTTP.</summary>
    Remote,
}
