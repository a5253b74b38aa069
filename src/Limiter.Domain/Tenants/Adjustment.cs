namespace Limiter.Domain.Tenants;

/// <summary>
/// A temporary change of one limit for one tenant, by factor or to a number (one of the two), that ends by itself.
/// </summary>
/// <param name="FactorPpm">
/// Millionths of the number that would hold without it, 0 to 1,000,000,000 (a factor of 0 to 1,000); null when
/// <paramref name="Number"/> is given.
/// </param>
/// <param name="Number">The number itself, 0 to 1,000,000,000; null when a factor is given.</param>
/// <param name="Until">The first moment at which it no longer holds.</param>
/// <param name="Reason">Why, in the operator's words; 1 to 500 characters.</param>
public sealed record Adjustment(long? FactorPpm, long? Number, Instant Until, string Reason)
{
    public const int ReasonLengthMax = 500;
    public const long FactorPpmMax = 1_000_000_000;
}
