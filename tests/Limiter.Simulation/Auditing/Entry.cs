using System.Globalization;
using Limiter.Domain;

namespace Limiter.Simulation.Auditing;

/// <summary>Tokens in one limit's account.</summary>
/// <param name="At">The bucket's time, the latest that it can have been.</param>
/// <param name="Tokens">Below 0 for what was taken back of an admission at that time.</param>
/// <param name="Edge">Who spent them.</param>
/// <param name="VagueMs">By how much earlier it can have been, in milliseconds; more than a minute is a minute.</param>
internal readonly record struct Entry(Instant At, int Tokens, ushort Edge, ushort VagueMs)
{
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{At} {Tokens} (edge {Edge})");
}
