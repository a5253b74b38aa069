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

    /// <summary>Reads what <see cref="Encode"/> wrote; false for anything else.</summary>
    public static bool TryDecode(string text, out UsageWriter writer)
    {
        const NumberStyles hex = NumberStyles.AllowHexSpecifier;
        writer = default;
        if (text.Length is < 18 or > 33 || text[16] != '-') return false;
        if (!ulong.TryParse(text.AsSpan(0, 16), hex, CultureInfo.InvariantCulture, out var edge)) return false;
        if (!long.TryParse(text.AsSpan(17), hex, CultureInfo.InvariantCulture, out var number)) return false;
        writer = new UsageWriter(new EdgeId(edge), number);
        return writer.Encode() == text;
    }
}
