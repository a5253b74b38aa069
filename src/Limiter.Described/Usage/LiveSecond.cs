namespace Limiter.Described.Usage;

/// <summary>A second's decisions.</summary>
public sealed class LiveSecond
{
    /// <summary>UTC, ISO 8601.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>Requests that passed.</summary>
    [AtLeast(0)]
    public required long Allowed { get; init; }

    /// <summary>Requests that a limit refused.</summary>
    [AtLeast(0)]
    public required long Denied { get; init; }

    /// <summary>Requests that were refused for another reason.</summary>
    [AtLeast(0)]
    public required long Refused { get; init; }

    /// <summary>Requests that the policy decided while a bucket could not be reached.</summary>
    [AtLeast(0)]
    public required long Degraded { get; init; }

    /// <summary>Whether a store is out of reach now.</summary>
    public required bool DegradedNow { get; init; }

    /// <summary>Tenants that sent something in the last minute.</summary>
    [AtLeast(0)]
    public required long Active { get; init; }

    /// <summary>The policy's generation.</summary>
    public required long Version { get; init; }
}
