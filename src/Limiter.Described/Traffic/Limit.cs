using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;

namespace Limiter.Described.Traffic;

/// <summary>How a limit stands.</summary>
public class Limit
{
    /// <summary>As the policy names it.</summary>
    public required string Name { get; init; }

    /// <summary>The number in force.</summary>
    [AtLeast(0), JsonPropertyName("limit")]
    public required long Number { get; init; }

    /// <summary>What is left of it.</summary>
    [AtLeast(0)]
    public required long Remaining { get; init; }

    /// <summary>UTC, ISO 8601.</summary>
    public required DateTimeOffset ResetsAt { get; init; }

    /// <summary>The limit counts and never refuses.</summary>
    public bool Shadow { get; init; }

    /// <summary>Of a shadow limit: whether it lacked tokens.</summary>
    public bool WouldDeny { get; init; }
}

/// <summary>How a limit stands, and what it counts.</summary>
public sealed class LeftOfLimit : Limit
{
    /// <summary>What it is counted per.</summary>
    [AllowedValues("tenant", "key", "ip")]
    public required string Per { get; init; }

    /// <summary>The window; of a token bucket the time in which as much as the limit is refilled.</summary>
    [AtLeast(1)]
    public required long WindowSeconds { get; init; }
}
