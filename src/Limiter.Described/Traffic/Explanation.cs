using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;

namespace Limiter.Described.Traffic;

/// <summary>How a check would be decided, and why.</summary>
public sealed class Explanation
{
    /// <summary>Whether it would pass now.</summary>
    public required bool Passes { get; init; }

    /// <summary>Left out for anonymous callers.</summary>
    public string Tenant { get; init; } = "";

    /// <summary>The plan in force.</summary>
    public string Plan { get; init; } = "";

    /// <summary>The policy's group that the request falls into.</summary>
    public required string Group { get; init; }

    /// <summary>The policy's pattern that matched.</summary>
    public required string Rule { get; init; }

    /// <summary>What the request costs.</summary>
    [AtLeast(0)]
    public required long Cost { get; init; }

    /// <summary>When it would pass, if nothing else came: null for never.</summary>
    public required DateTimeOffset? PassesAt { get; init; }

    /// <summary>The limit that decides; left out where none does.</summary>
    public string Binding { get; init; } = "";

    /// <summary>The limits that apply.</summary>
    public required ExplainedLimit[] Limits { get; init; }
}

/// <summary>A limit, its number and where that comes from.</summary>
public sealed class ExplainedLimit
{
    /// <summary>As the policy names it.</summary>
    public required string Name { get; init; }

    /// <summary>As the policy names it.</summary>
    [AllowedValues("fixedWindow", "calendar", "slidingWindow", "tokenBucket")]
    public required string Algorithm { get; init; }

    /// <summary>Seconds, as in 60s; or hour, day or month of the calendar.</summary>
    public required string Window { get; init; }

    /// <summary>What it is counted per.</summary>
    [AllowedValues("tenant", "key", "ip")]
    public required string Per { get; init; }

    /// <summary>Whose it is: a tenant, a key or an address.</summary>
    public required string Bucket { get; init; }

    /// <summary>The number in force.</summary>
    [JsonPropertyName("limit")]
    public required NumberOrUnlimited Number { get; init; }

    /// <summary>Where the number comes from.</summary>
    public required NumberSource Source { get; init; }

    /// <summary>Left out where there is no limit.</summary>
    [AtLeast(0)]
    public long Used { get; init; }

    /// <summary>Below 0 where more was used than there is now. Left out where there is no limit.</summary>
    public long Remaining { get; init; }

    /// <summary>UTC, ISO 8601. Left out where there is no limit.</summary>
    public DateTimeOffset ResetsAt { get; init; }

    /// <summary>The limit counts and never refuses.</summary>
    public bool Shadow { get; init; }

    /// <summary>Of a shadow limit: whether it lacks tokens.</summary>
    public bool WouldDeny { get; init; }

    /// <summary>Of any other: whether it lacks tokens.</summary>
    public bool Denies { get; init; }
}
