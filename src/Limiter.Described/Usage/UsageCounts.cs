namespace Limiter.Described.Usage;

/// <summary>What was counted.</summary>
public class UsageCounts
{
    /// <summary>All requests.</summary>
    [AtLeast(0)]
    public required long Checks { get; init; }

    /// <summary>Those that passed.</summary>
    [AtLeast(0)]
    public required long Allowed { get; init; }

    /// <summary>Those that a limit refused.</summary>
    [AtLeast(0)]
    public required long Denied { get; init; }

    /// <summary>Those that were refused for another reason.</summary>
    [AtLeast(0)]
    public required long Refused { get; init; }

    /// <summary>Those that the policy decided while a bucket could not be reached.</summary>
    [AtLeast(0)]
    public required long Degraded { get; init; }

    /// <summary>What was charged.</summary>
    public required long Cost { get; init; }

    /// <summary>Denied requests, by the name of the limit.</summary>
    public required Dictionary<string, long> DeniedBy { get; init; }

    /// <summary>Requests that a shadow limit would have denied, by its name.</summary>
    public required Dictionary<string, long> ShadowedBy { get; init; }
}
