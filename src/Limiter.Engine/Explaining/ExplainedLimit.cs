using Limiter.Domain.Decisions;
using Limiter.Domain.Policies;

namespace Limiter.Engine.Explaining;

/// <summary>One limit that counts a request.</summary>
/// <param name="Limit">The limit.</param>
/// <param name="Value">What its bucket is counted by: the tenant's, the key's or the address's name.</param>
/// <param name="Source">Where its number comes from.</param>
/// <param name="Status">How it stands; null while it is unlimited.</param>
/// <param name="Lacks">Whether it has fewer tokens left than the request costs.</param>
/// <param name="Binds">
/// Whether it is the one with the least left, among those that lack tokens if any does. Never a shadow limit.
/// </param>
public sealed record ExplainedLimit(
    LimitDefinition Limit, string Value, NumberSource Source, LimitStatus? Status, bool Lacks, bool Binds);
