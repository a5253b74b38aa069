using System.Collections.Immutable;
using Limiter.Domain.Policies;

namespace Limiter.Domain.Escrow;

/// <summary>How a bucket answered.</summary>
public enum ReserveOutcome
{
    /// <summary>Every least amount is granted. Also the answer to a request that wanted nothing.</summary>
    Granted,

    /// <summary>
    /// Nothing is granted; at <see cref="ReserveReply.RetryAt"/> the least amounts would be, without other traffic.
    /// </summary>
    Denied,

    /// <summary>Nothing is granted, and waiting does not help: a least amount is above its limit for good.</summary>
    Never,

    /// <summary>The request's number is below the last one seen: ignored.</summary>
    Stale,
}

/// <summary>A bucket's answer to a <see cref="ReserveRequest"/>.</summary>
/// <param name="Number">Number of the request that is answered.</param>
/// <param name="Outcome">Granted, denied, never or stale.</param>
/// <param name="Now">The bucket's time of the decision: the time of admission for the request that waited.</param>
/// <param name="TermsVersion">
/// The terms that were used; above the request's own when the edge's are out of date.
/// </param>
/// <param name="Opened">
/// The lease that holds the tokens: a new one when this equals <paramref name="Number"/>, 0 for none.
/// </param>
/// <param name="DurationMs">
/// Lifetime of that lease, counted by the edge from when it sent the request; 0 without one.
/// </param>
/// <param name="Exact">
/// The granted tokens count as spent already: no lease is left to hold them (too many edges).
/// </param>
/// <param name="Alone">No other edge holds tokens here: a denial stays true until <paramref name="RetryAt"/>.</param>
/// <param name="RetryAt">When denied, the first time at which every least amount would be granted.</param>
/// <param name="Violated">When denied, the limits that lack tokens: a mask of positions in the request's terms.</param>
/// <param name="Limits">One entry a limit, in the order of the request's terms.</param>
public sealed record ReserveReply(
    long Number,
    ReserveOutcome Outcome,
    Instant Now,
    TermsVersion TermsVersion,
    long Opened,
    long DurationMs,
    bool Exact,
    bool Alone,
    Instant RetryAt,
    uint Violated,
    ImmutableArray<LimitReply> Limits);

/// <param name="Granted">Tokens granted by this reply.</param>
/// <param name="Outlook">What the bucket has left besides, and how that changes with time.</param>
public readonly record struct LimitReply(long Granted, LimitOutlook Outlook);
