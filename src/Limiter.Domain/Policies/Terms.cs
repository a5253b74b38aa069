using System.Collections.Immutable;

namespace Limiter.Domain.Policies;

/// <summary>A limit with its number in force for one bucket.</summary>
public sealed record LimitTerms(LimitRule Rule, Schedule Schedule)
{
    /// <summary>No request needs tokens of it: edges tell afterwards what it would have admitted.</summary>
    public bool IsShadow { get; init; }
}

/// <summary>
/// Every limit of one bucket with the numbers in force: plan, overrides and adjustments resolved. Immutable; a change
/// makes new terms with a higher version. A request names limits by their position here.
/// </summary>
public sealed class Terms(TermsVersion version, ImmutableArray<LimitTerms> limits)
{
    /// <summary>Most limits of one bucket, the day's count among them. Positions fit a 32-bit mask.</summary>
    public const int LimitsMax = 21;

    public TermsVersion Version { get; } = version;

    public ImmutableArray<LimitTerms> Limits { get; } = limits.Length is > 0 and <= LimitsMax
        ? limits
        : throw new ArgumentException("Terms have 1 to 21 limits.", nameof(limits));

    /// <summary>The limit's position, or -1.</summary>
    public int PositionOf(LimitId id)
    {
        for (var i = 0; i < Limits.Length; i++)
            if (Limits[i].Rule.Id == id) return i;
        return -1;
    }

    /// <summary>
    /// Whether positions mean the same in both: so they do under one policy file, and under two that count alike.
    /// </summary>
    public bool HasLayoutOf(Terms other)
    {
        if (other.Version.Policy == Version.Policy) return true;
        if (other.Limits.Length != Limits.Length) return false;
        for (var i = 0; i < Limits.Length; i++)
            if (Limits[i].Rule != other.Limits[i].Rule) return false;
        return true;
    }
}
