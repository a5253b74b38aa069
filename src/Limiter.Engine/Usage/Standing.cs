using System.Collections.Immutable;
using Limiter.Domain.Decisions;

namespace Limiter.Engine.Usage;

/// <summary>How near a tenant is to its limits.</summary>
public enum StandingState
{
    Ok,

    /// <summary>Of some limit at least 80 % are used.</summary>
    Near,

    /// <summary>A limit has nothing left, or a check was denied in the last minute.</summary>
    Over,
}

/// <summary>A tenant among those that are active.</summary>
/// <param name="Recent">What it did in the last minutes.</param>
/// <param name="Plan">Its plan's name; null when it was not looked at, or is not registered.</param>
/// <param name="State">As far as it was looked at.</param>
/// <param name="Limits">Its limits as <c>GET /v1/limits</c> has them; empty when it was not looked at.</param>
/// <param name="UsedPermille">Used of the limit of which most is, 0 to 1,000.</param>
public sealed record Standing(
    RecentTenant Recent, string? Plan, StandingState State, ImmutableArray<LimitStatus> Limits, long UsedPermille);
