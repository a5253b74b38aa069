namespace Limiter.Domain.Tenants;

/// <summary>Every request of a tenant is refused, but for those that the policy exempts.</summary>
/// <param name="Until">
/// The first moment at which it no longer holds; <see cref="Instant.Never"/>: until it is ended.
/// </param>
/// <param name="Reason">Why, in the operator's words; 1 to <see cref="Adjustment.ReasonLengthMax"/> characters.</param>
public sealed record Suspension(Instant Until, string Reason);
