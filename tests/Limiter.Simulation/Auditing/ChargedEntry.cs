using Limiter.Domain;

namespace Limiter.Simulation.Auditing;

/// <summary>Tokens that a bucket charged after the fact.</summary>
/// <param name="At">From which of its times on they count.</param>
/// <param name="KnownAt">When it heard of them, by its own time; not before <paramref name="At"/>.</param>
/// <param name="Tokens">At least 0.</param>
internal readonly record struct ChargedEntry(Instant At, Instant KnownAt, int Tokens);
