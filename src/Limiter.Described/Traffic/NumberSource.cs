using System.ComponentModel.DataAnnotations;

namespace Limiter.Described.Traffic;

/// <summary>Where a limit's number comes from.</summary>
public sealed class NumberSource
{
    /// <summary>What says it.</summary>
    [AllowedValues("plan", "limit", "percentage", "override", "missing")]
    public required string From { get; init; }

    /// <summary>The number that is said.</summary>
    public required NumberOrUnlimited Number { get; init; }

    /// <summary>Of a percentage: of which limit.</summary>
    public string Of { get; init; } = "";

    /// <summary>Of a percentage: where that limit's number comes from.</summary>
    public NumberSource Base { get; init; } = null!;

    /// <summary>What changes the number for a time.</summary>
    public RunningAdjustment Adjustment { get; init; } = null!;
}

/// <summary>An adjustment and what it makes of a number.</summary>
public sealed class RunningAdjustment
{
    /// <summary>By what the number is multiplied.</summary>
    [AtLeast(0)]
    public decimal Factor { get; init; }

    /// <summary>The number in force.</summary>
    public required NumberOrUnlimited Number { get; init; }

    /// <summary>UTC, ISO 8601.</summary>
    public required DateTimeOffset Until { get; init; }

    /// <summary>In the operator's words.</summary>
    public required string Reason { get; init; }
}
