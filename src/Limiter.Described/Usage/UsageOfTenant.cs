using System.ComponentModel.DataAnnotations;

namespace Limiter.Described.Usage;

/// <summary>What a tenant used.</summary>
public sealed class UsageOfTenant
{
    /// <summary>Whose usage it is.</summary>
    public required string Tenant { get; init; }

    /// <summary>Null for a tenant that is gone.</summary>
    public required string? Plan { get; init; }

    /// <summary>UTC, ISO 8601.</summary>
    public required DateTimeOffset From { get; init; }

    /// <summary>The first time that does not count. UTC, ISO 8601.</summary>
    public required DateTimeOffset To { get; init; }

    /// <summary>The length of the periods.</summary>
    [AllowedValues("minute", "hour", "day", "month")]
    public required string By { get; init; }

    /// <summary>What is told apart in a period.</summary>
    [AllowedValues("none", "endpoint", "key")]
    public required string Split { get; init; }

    /// <summary>Of the whole range.</summary>
    public required UsageCounts Total { get; init; }

    /// <summary>Period by period.</summary>
    public required UsageItem[] Items { get; init; }

    /// <summary>The 'after' of the next page; left out where this is the last.</summary>
    public string Next { get; init; } = "";
}

/// <summary>What was counted in a period.</summary>
public sealed class UsageItem : UsageCounts
{
    /// <summary>UTC, ISO 8601.</summary>
    public required DateTimeOffset Start { get; init; }

    /// <summary>The first time that does not count. UTC, ISO 8601.</summary>
    public required DateTimeOffset End { get; init; }

    /// <summary>Summed up: no more is expected.</summary>
    public required bool Closed { get; init; }

    /// <summary>By day: what the buckets charged.</summary>
    public long? Charged { get; init; }

    /// <summary>The busiest minute of an hour or longer.</summary>
    public PeakMinute PeakMinute { get; init; } = null!;

    /// <summary>By endpoint: the policy's group.</summary>
    public string Group { get; init; } = "";

    /// <summary>By endpoint: the policy's pattern.</summary>
    public string Template { get; init; } = "";

    /// <summary>By key: its public name.</summary>
    public string? Key { get; init; }

    /// <summary>What found no line of its own.</summary>
    public bool Other { get; init; }
}

/// <summary>A minute and how much it had.</summary>
public sealed class PeakMinute
{
    /// <summary>UTC, ISO 8601.</summary>
    public required DateTimeOffset Start { get; init; }

    /// <summary>How many checks.</summary>
    [AtLeast(0)]
    public required long Checks { get; init; }
}
