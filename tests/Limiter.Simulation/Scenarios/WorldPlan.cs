using Limiter.Simulation.Remotes;
using Limiter.Simulation.Stores;

namespace Limiter.Simulation.Scenarios;

/// <summary>Everything that a world is made of, drawn from its seed by its scenario. Times in milliseconds.</summary>
internal sealed record WorldPlan
{
    public const long DirectoryAwayMsMax = 20_000;

    // The register's answer may be this old, by the engine's own rule, before it is read again.
    private const long RecordMsMax = 45_000;

    public required string Policy { get; init; }

    /// <summary>Checks to be issued, about.</summary>
    public long Checks { get; init; } = 12_000;

    public int Tenants { get; init; } = 4;
    public int KeysPerTenant { get; init; } = 2;
    public int Edges { get; init; } = 3;

    /// <summary>The number of edges goes up to here and back.</summary>
    public int EdgesMax { get; init; } = 3;

    /// <summary>
    /// So many of them serve the others over HTTP, which then have nothing but that; 0: nobody is remote.
    /// </summary>
    public int Servers { get; init; }

    /// <summary>How calls between those fare.</summary>
    public CallWeather Calls { get; init; } = new();

    public int Hosts { get; init; } = 2;
    public NetworkWeather Network { get; init; } = new();
    public StoreWeather Store { get; init; } = new();

    /// <summary>Longest lifetime of a lease.</summary>
    public long LifetimeMs { get; init; } = 10_000;

    public IReadOnlyList<Workload> Workloads { get; init; } = [Workload.Steady];

    /// <summary>Least and greatest demand, in percent of what the limits allow.</summary>
    public (int Least, int Most) Load { get; init; } = (40, 180);

    /// <summary>Costs of 1 to this, where the policy lets callers state theirs.</summary>
    public int CostMax { get; init; } = 10;

    /// <summary>Checks with an id, and repetitions of them, in millionths.</summary>
    public int Repeats { get; init; }

    /// <summary>Admissions whose cost is corrected later, in millionths.</summary>
    public int Charges { get; init; }

    // Means between two of a kind; 0 for never.
    public long CrashEveryMs { get; init; }
    public long PauseEveryMs { get; init; }
    public long SleepEveryMs { get; init; }
    public long ScaleEveryMs { get; init; }
    public long CutEveryMs { get; init; }
    public long CutMs { get; init; } = 20_000;
    public long HostCrashEveryMs { get; init; }
    public long HostMoveEveryMs { get; init; }
    public long HostPauseEveryMs { get; init; }
    public long TermsChangeEveryMs { get; init; }
    public long DirectoryAwayEveryMs { get; init; }

    /// <summary>How long after a change of terms an edge may go by the old ones.</summary>
    public long KnownWithinMs => TermsChangeEveryMs == 0 ? 0 : RecordMsMax + DirectoryAwayMsMax + CutMs;

    /// <summary>Most that an edge's monotonic clock runs off, either way.</summary>
    public long DriftPpm { get; init; } = 20;

    /// <summary>Most that an edge's wall clock is wrong, either way.</summary>
    public long WallErrorMs { get; init; } = 5;

    /// <summary>Mean between two steps of a wall clock.</summary>
    public long StepEveryMs { get; init; }

    /// <summary>
    /// Most that a step sets a wall clock off, either way. A server takes no counts of a minute that is more than five
    /// to come by its own clock.
    /// </summary>
    public long StepMsMax => Servers == 0 ? 300_000 : 140_000;
}

/// <summary>How a caller's checks come.</summary>
internal enum Workload
{
    Steady,
    Bursty,
    OnOff,

    /// <summary>All at once, just before a window ends and just after.</summary>
    WindowEdges,
}
