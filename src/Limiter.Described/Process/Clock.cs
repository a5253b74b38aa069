using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;

namespace Limiter.Described.Process;

/// <summary>Where a manual clock goes: to a time, or on by seconds.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed class Clock
{
    /// <summary>Never backwards, at most ten years ahead. UTC, ISO 8601.</summary>
    public DateTimeOffset Now { get; init; }

    /// <summary>At most ten years.</summary>
    [Range(0, 10 * 366 * 24 * 60 * 60)]
    public long AdvanceSeconds { get; init; }
}

/// <summary>What the clock shows.</summary>
public sealed class ClockTime
{
    /// <summary>UTC, ISO 8601.</summary>
    public required DateTimeOffset Now { get; init; }
}
