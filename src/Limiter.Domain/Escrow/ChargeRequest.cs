using System.Collections.Immutable;
using Limiter.Domain.Policies;

namespace Limiter.Domain.Escrow;

/// <summary>Corrects the cost of an earlier admission, up or down, once.</summary>
/// <param name="Id">Random id of the check that is corrected.</param>
/// <param name="SpentAt">The bucket time at which the check was admitted.</param>
/// <param name="Cost">What was charged then.</param>
/// <param name="TrueCost">What should have been.</param>
/// <param name="Limits">The limits that were charged.</param>
/// <param name="Terms">The numbers in force.</param>
public sealed record ChargeRequest(
    ulong Id, Instant SpentAt, long Cost, long TrueCost, ImmutableArray<LimitId> Limits, Terms Terms)
{
    /// <summary>How long a charge is remembered, and how long after its check one is accepted.</summary>
    public const long LifetimeMs = 10 * 60 * 1000;

    /// <summary>Most charges that one bucket remembers; while it is full a further one is refused.</summary>
    public const int RememberedMax = 4_096;
}

public enum ChargeOutcome
{
    Applied,

    /// <summary>The same correction was applied before: nothing changed.</summary>
    Repeated,

    /// <summary>The check was corrected before to another cost: nothing changed.</summary>
    Conflict,

    /// <summary>The check is too old to be corrected.</summary>
    Expired,

    /// <summary>The bucket remembers as many corrections as it may: try again later.</summary>
    Full,
}
