using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using Limiter.Domain.Policies;

namespace Limiter.Described.Traffic;

/// <summary>The true cost of an earlier check.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed class Charge
{
    /// <summary>As the check's answer gave it; good for 10 minutes.</summary>
    public required string CheckId { get; init; }

    /// <summary>The true cost of that check; 0 gives a reservation back, and only that.</summary>
    [Range(0, (int)CostBounds.Greatest)]
    public required long Cost { get; init; }
}

/// <summary>What came of it.</summary>
public sealed class Charged
{
    /// <summary>The check.</summary>
    public required string CheckId { get; init; }

    /// <summary>Its cost from now on.</summary>
    [AtLeast(0)]
    public required long Cost { get; init; }

    /// <summary>What was charged besides the check's own cost; below 0 what was given back.</summary>
    [JsonPropertyName("charged")]
    public required long Difference { get; init; }
}
