using Harness.Contending;

namespace Harness.Loading;

/// <summary>What clients send.</summary>
/// <param name="Name">As one asks for it.</param>
/// <param name="Family">check or proxy.</param>
/// <param name="Pattern">The pattern of load.lua.</param>
/// <param name="Title">What tables call it.</param>
internal sealed record Workload(string Name, string Family, string Pattern, string Title)
{
    private const int FewConnections = 32;
    private const int ManyConnections = 1_000;
    private const int ActiveAfterSeconds = 6;

    public static readonly IReadOnlyList<Workload> All =
    [
        new("hot", "check", "hot", "one hot tenant"),
        new("zipf", "check", "zipf", "10,000 tenants, Zipf") { LeadInSeconds = ActiveAfterSeconds },
        new("flood", "check", "flood", "90 % denied") { DeniedShare = 0.9 },
        new("costs", "check", "costs", "costs of 1 to 10"),
        new("connections", "check", "hot", "1,000 connections") { Connections = ManyConnections },
        new("uniform", "check", "uniform", "1,000,000 tenants, each as likely"),
        new("hot", "proxy", "hot", "one hot tenant"),
        new("zipf", "proxy", "zipf", "10,000 tenants, Zipf") { LeadInSeconds = ActiveAfterSeconds },
        new("flood", "proxy", "flood", "90 % denied") { DeniedShare = 0.9 },
        new("connections", "proxy", "hot", "1,000 connections") { Connections = ManyConnections },
    ];

    /// <summary>Connections that stay open; each has one request under way at a time.</summary>
    public int Connections { get; init; } = FewConnections;

    /// <summary>
    /// Seconds of the same load before each round, not measured: while the others had their turns, what is kept for active
    /// tenants was let go of, which under load that goes on it is not.
    /// </summary>
    public int LeadInSeconds { get; init; }

    /// <summary>The share that is to be denied, by a contender that limits.</summary>
    public double DeniedShare { get; init; }

    public bool IsFor(Contender contender) =>
        contender.Family == Family && (Pattern != "costs" || contender.TakesCosts)
        && (Pattern != "uniform" || contender.KnowsMillion)
        // It is there to tell what the store costs, which the traffic of many tenants does.
        && (!contender.IsRegistered || Name is "hot" or "zipf");
}
