using System.Buffers;
using System.Text;

namespace Limiter.Domain.Policies;

/// <summary>
/// Gives every path one spelling, so that no spelling escapes its endpoint group: the query is cut, percent escapes are
/// decoded once (<c>%2F</c> too), and then dot segments and duplicate and trailing slashes are removed; <c>..</c> above
/// the root stays at the root. Case is kept: the matcher ignores it. A semicolon is a character like any other.
/// </summary>
public static class PathNormaliser
{
    /// <summary>Longest path with its query before decoding, in characters.</summary>
    public const int LengthMax = 8_192;

    private const int OnStackMax = 512;

    /// <summary>The path's normal form.</summary>
    /// <param name="raw">As the client sent it; a query may follow.</param>
    /// <param name="normal">
    /// The same instance when it is normal already, and then nothing is allocated; empty on an error.
    /// </param>
    /// <param name="error">Why there is none.</param>
    public static bool TryNormalise(string raw, out string normal, out PathError error)
    {
        normal = raw;
        error = PathError.None;
        if (raw.Length <= LengthMax && IsNormal(raw)) return true;
        normal = "";
        error = PathError.TooLong;
        if (raw.Length > LengthMax) return false;
        var rented = raw.Length > OnStackMax ? ArrayPool<char>.Shared.Rent(raw.Length) : null;
        var buffer = rented ?? stackalloc char[OnStackMax];
        var found = TryNormalise(raw, buffer, out var span, out error);
        if (found) normal = span.SequenceEqual(raw) ? raw : span.ToString();
        if (rented is not null) ArrayPool<char>.Shared.Return(rented);
        return found;
    }

    /// <summary>The path's normal form without allocating.</summary>
    /// <param name="raw">As the client sent it; a query may follow.</param>
    /// <param name="buffer">At least as long as <paramref name="raw"/>.</param>
    /// <param name="normal">Part of <paramref name="raw"/> or of <paramref name="buffer"/>; empty on an error.</param>
    /// <param name="error">Why there is none.</param>
    public static bool TryNormalise(
        ReadOnlySpan<char> raw, Span<char> buffer, out ReadOnlySpan<char> normal, out PathError error)
    {
        normal = default;
        error = PathError.TooLong;
        if (raw.Length > LengthMax) return false;
        var query = raw.IndexOfAny('?', '#');
        if (query >= 0) raw = raw[..query];
        error = PathError.NotRooted;
        if (raw.IsEmpty || raw[0] != '/') return false;
        error = PathError.None;
        normal = raw;
        if (IsNormal(raw)) return true;
        normal = default;
        error = Decode(raw, buffer, out var length);
        if (error != PathError.None) return false;
        normal = buffer[..Fold(buffer[..length])];
        return true;
    }

    /// <summary>
    /// A normal path as it is written in a request: what a path cannot hold is percent-encoded as UTF-8, the percent
    /// sign, question mark and hash among it. Normalising the result gives <paramref name="normal"/> again.
    /// </summary>
    public static string Encode(string normal)
    {
        if (!normal.AsSpan().ContainsAnyExcept(PathCharacters)) return normal;
        var text = new StringBuilder(normal.Length + 32);
        Span<byte> utf8 = stackalloc byte[4];
        foreach (var rune in normal.EnumerateRunes())
        {
            if (rune.IsAscii && PathCharacters.Contains((char)rune.Value))
            {
                text.Append((char)rune.Value);
                continue;
            }
            foreach (var octet in utf8[..rune.EncodeToUtf8(utf8)]) text.Append('%').Append(octet.ToString("X2", null));
        }
        return text.ToString();
    }

    // RFC 3986, section 3.3: unreserved, sub-delims, colon, at sign, and the slash between segments.
    private static readonly SearchValues<char> PathCharacters = SearchValues.Create(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~!$&'()*+,;=:@/");

    /// <summary>Whether nothing is to be done. False also for a few normal ones: those with an emoji.</summary>
    private static bool IsNormal(ReadOnlySpan<char> path)
    {
        if (path.IsEmpty || path[0] != '/') return false;
        for (var i = 0; i < path.Length; i++)
        {
            var c = path[i];
            if (c is '%' or '\\' or '?' or '#' || char.IsControl(c) || char.IsSurrogate(c)) return false;
            if (c != '/' || path.Length == 1) continue;
            var segment = path[(i + 1)..];
            if (segment is [] or ['/', ..] or ['.'] or ['.', '/', ..] or ['.', '.'] or ['.', '.', '/', ..])
                return false;
        }
        return true;
    }

    private static PathError Decode(ReadOnlySpan<char> raw, Span<char> output, out int length)
    {
        length = 0;
        for (var i = 0; i < raw.Length;)
        {
            Rune rune;
            if (raw[i] == '%')
            {
                var error = DecodeEscapes(raw[i..], out rune, out var consumed);
                if (error != PathError.None) return error;
                i += consumed;
            }
            else
            {
                if (Rune.DecodeFromUtf16(raw[i..], out rune, out var consumed) != OperationStatus.Done)
                    return PathError.LoneSurrogate;
                i += consumed;
            }
            if (rune.Value == '\\') return PathError.Backslash;
            if (Rune.IsControl(rune)) return PathError.ControlCharacter;
            length += rune.EncodeToUtf16(output[length..]);
        }
        return HoldsEscape(output[..length]) ? PathError.EncodedTwice : PathError.None;
    }

    /// <summary>One character of one to four escapes.</summary>
    private static PathError DecodeEscapes(ReadOnlySpan<char> escapes, out Rune rune, out int consumed)
    {
        Span<byte> utf8 = stackalloc byte[4];
        var count = 0;
        while (count < utf8.Length && IsEscape(escapes[(3 * count)..]))
        {
            Convert.FromHexString(escapes.Slice((3 * count) + 1, 2), utf8[count..], out _, out _);
            count++;
        }
        consumed = 0;
        rune = default;
        if (count == 0) return PathError.MalformedEscape;
        if (Rune.DecodeFromUtf8(utf8[..count], out rune, out var octets) != OperationStatus.Done)
            return PathError.InvalidUtf8;
        consumed = 3 * octets;
        return PathError.None;
    }

    private static bool HoldsEscape(ReadOnlySpan<char> text)
    {
        for (var at = text.IndexOf('%'); at >= 0; at = text.IndexOf('%'))
        {
            if (IsEscape(text[at..])) return true;
            text = text[(at + 1)..];
        }
        return false;
    }

    private static bool IsEscape(ReadOnlySpan<char> text) =>
        text.Length >= 3 && text[0] == '%' && char.IsAsciiHexDigit(text[1]) && char.IsAsciiHexDigit(text[2]);

    /// <summary>Removes dot segments and needless slashes in place; writing never overtakes reading.</summary>
    private static int Fold(Span<char> path)
    {
        var written = 0;
        for (var read = 1; read <= path.Length;)
        {
            var slash = path[read..].IndexOf('/');
            var segment = slash < 0 ? path[read..] : path.Slice(read, slash);
            read += segment.Length + 1;
            if (segment is [] or ['.']) continue;
            if (segment is ['.', '.'])
            {
                written = Math.Max(0, path[..written].LastIndexOf('/'));
                continue;
            }
            path[written++] = '/';
            segment.CopyTo(path[written..]);
            written += segment.Length;
        }
        return written == 0 ? 1 : written;
    }
}
