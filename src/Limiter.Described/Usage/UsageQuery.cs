using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace Limiter.Described.Usage;

/// <summary>Which usage.</summary>
public sealed class UsageQuery : TakeQuery
{
    /// <summary>A time or a UTC day; the start of today by default. Taken back to the start of its period.</summary>
    public string From { get; init; } = "";

    /// <summary>The first time that does not count; now by default. Taken on to the end of its period.</summary>
    public string To { get; init; } = "";

    /// <summary>
    /// The length of the periods. The range is at most 2 days of minutes, 92 of hours, 731 of days and 10 years of
    /// months.
    /// </summary>
    [AllowedValues("minute", "hour", "day", "month"), DefaultValue("hour")]
    public string By { get; init; } = "";

    /// <summary>What is told apart in a period.</summary>
    [AllowedValues("none", "endpoint", "key"), DefaultValue("none")]
    public string Split { get; init; } = "";
}

/// <summary>Which tenants of the overview.</summary>
public sealed class OverviewQuery : TakeQuery
{
    /// <summary>Busiest first, or nearest to a limit.</summary>
    [AllowedValues("load", "near"), DefaultValue("load")]
    public string Order { get; init; } = "";
}

/// <summary>How much of the stream.</summary>
public sealed class LiveQuery
{
    /// <summary>After which the stream ends.</summary>
    [Range(1, 3_600), DefaultValue(3_600)]
    public int Seconds { get; init; }
}
