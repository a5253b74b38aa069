using System.ComponentModel.DataAnnotations;

namespace Limiter.Described.Traffic;

/// <summary>What every answer about a request's limits tells.</summary>
public abstract class Decided
{
    /// <summary>Left out for anonymous callers.</summary>
    public string Tenant { get; init; } = "";

    /// <summary>The plan in force.</summary>
    public string Plan { get; init; } = "";

    /// <summary>The policy's group that the request fell into.</summary>
    public string Group { get; init; } = "";

    /// <summary>What the request costs.</summary>
    [AtLeast(0)]
    public required long Cost { get; init; }

    /// <summary>
    /// By the bucket itself, from tokens held already, or by the policy's choice while the bucket cannot be reached.
    /// </summary>
    [AllowedValues("exact", "leased", "degraded")]
    public required string Mode { get; init; }
}

/// <summary>An admission.</summary>
public sealed class Allowed : Decided
{
    /// <summary>What was decided.</summary>
    [AllowedValues("allowed")]
    public required string Decision { get; init; }

    /// <summary>The limits that apply.</summary>
    public required Limit[] Limits { get; init; }

    /// <summary>For a later charge; signed, good for 10 minutes. Not of an exempt request.</summary>
    public string CheckId { get; init; } = "";

    /// <summary>Until when the cost is only reserved.</summary>
    public DateTimeOffset ReservedUntil { get; init; }
}

/// <summary>A refusal for clients that ask for this shape instead of the contract's.</summary>
public sealed class Denied : Decided
{
    /// <summary>What was decided.</summary>
    [AllowedValues("denied")]
    public required string Decision { get; init; }

    /// <summary>The limits that apply.</summary>
    public required Limit[] Limits { get; init; }

    /// <summary>Whole seconds; left out where waiting does not help.</summary>
    [AtLeast(1)]
    public long RetryAfter { get; init; }

    /// <summary>The names of the limits that refused.</summary>
    public required string[] Violated { get; init; }
}

/// <summary>What is left, without a decision.</summary>
public sealed class Left : Decided
{
    /// <summary>When this was so. UTC, ISO 8601.</summary>
    public required DateTimeOffset Now { get; init; }

    /// <summary>The limits that apply.</summary>
    public required LeftOfLimit[] Limits { get; init; }
}
