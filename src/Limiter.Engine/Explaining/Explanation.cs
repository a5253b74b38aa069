using System.Collections.Immutable;
using Limiter.Domain;
using Limiter.Domain.Decisions;

namespace Limiter.Engine.Explaining;

/// <summary>How a request would be decided, and why.</summary>
/// <param name="Decision">
/// Who, which rule and at what cost; its limits as they stand. Refused when the request is, whatever the limits have.
/// </param>
/// <param name="Limits">Those that count the request, in the policy's order. Empty when it is refused.</param>
/// <param name="PassesAt">
/// The first time at which it would pass if nobody else comes: now when it would; <see cref="Instant.Never"/> when
/// waiting does not help.
/// </param>
public sealed record Explanation(Decision Decision, ImmutableArray<ExplainedLimit> Limits, Instant PassesAt);
