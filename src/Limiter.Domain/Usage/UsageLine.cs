using System.Collections.Immutable;

namespace Limiter.Domain.Usage;

/// <summary>One line of a sheet.</summary>
/// <param name="Subject">What is counted.</param>
/// <param name="Counts">How much.</param>
/// <param name="DeniedBy">
/// By the limits that refused, in the ordinal order of their names: a check that two limits deny counts with both.
/// </param>
public sealed record UsageLine(UsageSubject Subject, UsageCounts Counts, ImmutableArray<DeniedBy> DeniedBy)
{
    /// <summary>
    /// By the shadow limits that would have denied, in the ordinal order of their names: checks that passed all the
    /// same.
    /// </summary>
    public ImmutableArray<DeniedBy> ShadowedBy { get; init; } = [];
}

/// <param name="Limit">A limit's name.</param>
/// <param name="Checks">Checks that it denied, or would have; at least 1.</param>
public readonly record struct DeniedBy(string Limit, long Checks);
