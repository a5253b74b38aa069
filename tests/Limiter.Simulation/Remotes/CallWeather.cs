namespace Limiter.Simulation.Remotes;

/// <summary>
/// How calls between remote edges and the servers fare, besides the partitions of the network. Chances in millionths of
/// a call.
/// </summary>
internal sealed record CallWeather
{
    /// <summary>Longest time that a call is under way which is caught up with by later ones.</summary>
    public const long LateMsMax = 120_000;

    /// <summary>Longest time that a server takes when it is slow: longer than anybody waits.</summary>
    public const long SlowMsMax = 2_000;

    /// <summary>Mean of each way, in milliseconds.</summary>
    public long DelayMs { get; init; } = 5;

    /// <summary>A call or an answer that never arrives.</summary>
    public int Loss { get; init; }

    /// <summary>A call that something on the way repeats, to the same server or another.</summary>
    public int Duplication { get; init; }

    /// <summary>A call or an answer that is under way for up to <see cref="LateMsMax"/>.</summary>
    public int Late { get; init; }

    /// <summary>A call that a server takes up only after up to <see cref="SlowMsMax"/>.</summary>
    public int Slow { get; init; }

    /// <summary>A call that is answered 503 by something before the server.</summary>
    public int FailsBefore { get; init; }

    /// <summary>A call that the server has answered, and whose answer becomes a 502.</summary>
    public int FailsAfter { get; init; }

    /// <summary>A call that the server has answered, and whose answer becomes what no server says.</summary>
    public int Garbage { get; init; }
}
