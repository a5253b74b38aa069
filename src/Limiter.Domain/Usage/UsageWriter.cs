using System.Globalization;
using Limiter.Domain.Escrow;

namespace Limiter.Domain.Usage;

/// <summary>
/// Owns a row of usage. An edge numbers its rows, so one that it has let go is never written over by a later one of
/// the same minute.
/// </summary>
/// <param name="Edge">The process that counts.</param>
/// <param name="Number">Rises with each row that the edge begins.</param>
public readonly record struct UsageWriter(EdgeId Edge, long Number)
{
    /// <summary>Distinct for distinct writers, of hexadecimal digits and one hyphen; at most 33 characters.</summary>
    public string Encode() => string.Create(CultureInfo.InvariantCulture, $"{Edge.Value:x16}-{Number:x}");
}
