namespace Limiter.Simulation.Stores;

/// <summary>How the way between an edge and the buckets behaves. Chances in millionths of a message.</summary>
internal sealed record NetworkWeather
{
    /// <summary>Edge and buckets share a process: no message is under way.</summary>
    public bool IsLocal { get; init; }

    public long DelayMs { get; init; } = 2;
    public int Loss { get; init; }
    public int Duplication { get; init; }

    /// <summary>A message that is under way for up to <see cref="LateMsMax"/>.</summary>
    public int Late { get; init; }

    public const long LateMsMax = 120_000;
}

/// <summary>How the hosts of the buckets behave. Chances in millionths of a save.</summary>
internal sealed record StoreWeather
{
    public int WriteFails { get; init; }
    public int ReplyLost { get; init; }
    public int CrashBeforeSave { get; init; }
    public int CrashAfterSave { get; init; }

    /// <summary>A save that takes a while, so that another process may come between.</summary>
    public int SlowSave { get; init; }

    /// <summary>
    /// Answers what changed nothing from memory, without looking whether another process saved since.
    /// </summary>
    public bool TrustsMemory { get; init; }

    /// <summary>Most milliseconds that a host's clock is off, either way.</summary>
    public long SkewMs { get; init; }

    /// <summary>How long a crashed host is away.</summary>
    public long DownMs { get; init; } = 3_000;
}
