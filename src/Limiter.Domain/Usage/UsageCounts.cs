namespace Limiter.Domain.Usage;

/// <summary>What was decided of some checks. <c>default</c> is nothing.</summary>
/// <param name="Allowed">Checks that passed.</param>
/// <param name="Denied">Checks that pass later.</param>
/// <param name="Refused">Checks that do not pass as they stand.</param>
/// <param name="Degraded">Those of all of them that the policy decided because the bucket was out of reach.</param>
/// <param name="Cost">
/// Tokens that the allowed ones cost, corrections included: of a single minute it can be below 0.
/// </param>
public readonly record struct UsageCounts(long Allowed, long Denied, long Refused, long Degraded, long Cost)
{
    /// <summary>Checks that were decided.</summary>
    public long Checks => Allowed + Denied + Refused;

    public static UsageCounts operator +(UsageCounts left, UsageCounts right) => new(
        left.Allowed + right.Allowed, left.Denied + right.Denied, left.Refused + right.Refused,
        left.Degraded + right.Degraded, left.Cost + right.Cost);
}
