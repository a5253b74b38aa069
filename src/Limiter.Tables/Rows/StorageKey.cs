using System.Globalization;
using System.Text;

namespace Limiter.Tables.Rows;

/// <summary>
/// The only maker of partition and row keys. A key is its parts between separators; letters, digits and <c>. _ -</c>
/// stand for themselves, and every other UTF-16 code unit (separators, and what Table Storage forbids or mistreats:
/// <c>/ \ # ? % '</c>, controls) is escaped. Other parts make another key, and keys of names sort as the names do.
/// </summary>
public static class StorageKey
{
    /// <summary>Longest key in characters: Table Storage allows 1 KiB of UTF-16.</summary>
    public const int LengthMax = 512;

    /// <summary>Sorts after every key.</summary>
    public const string AfterAll = "~~";

    // It sorts before all that stands for itself, so that "a" comes before "a-b" as a part as well.
    private const char Separator = '!';

    // What sorts next after the separator; no key holds it.
    private const char AfterSeparator = '"';
    private const char Escape = '~';

    // The escape and four digits.
    private const int EscapedLength = 5;

    /// <param name="parts">At least one.</param>
    /// <exception cref="ArgumentException">No part, or a key longer than <see cref="LengthMax"/>.</exception>
    public static string Encode(params ReadOnlySpan<string> parts)
    {
        if (parts.IsEmpty) throw new ArgumentException("a key has at least one part", nameof(parts));
        var key = new StringBuilder();
        for (var i = 0; i < parts.Length; i++)
        {
            if (i > 0) key.Append(Separator);
            Append(key, parts[i]);
        }
        return key.Length <= LengthMax
            ? key.ToString()
            : throw new ArgumentException($"a key of {key.Length} characters, above {LengthMax}", nameof(parts));
    }

    /// <summary>The end of the range of the keys of <paramref name="key"/> and further parts.</summary>
    public static string End(string key) => key + AfterSeparator;

    /// <summary>The start of the range of the keys that come after <paramref name="key"/>.</summary>
    public static string Next(string key) => key + Separator;

    /// <summary>The parts that a key was made of.</summary>
    /// <exception cref="FormatException">No parts make such a key.</exception>
    public static string[] Decode(string key)
    {
        var parts = Array.ConvertAll(key.Split(Separator), ReadPart);
        return key.Length <= LengthMax && Encode(parts) == key
            ? parts
            : throw new FormatException($"\"{key}\" is no key");
    }

    private static string ReadPart(string text)
    {
        var part = new StringBuilder();
        for (var i = 0; i < text.Length; i++)
            if (text[i] != Escape) part.Append(text[i]);
            else if (i + EscapedLength <= text.Length && ushort.TryParse(
                text.AsSpan(i + 1, EscapedLength - 1), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture,
                out var unit))
            {
                part.Append((char)unit);
                i += EscapedLength - 1;
            }
            else throw new FormatException($"\"{text}\" is no part of a key");
        return part.ToString();
    }

    private static void Append(StringBuilder key, string part)
    {
        foreach (var unit in part)
            if (char.IsAsciiLetterOrDigit(unit) || unit is '.' or '_' or '-') key.Append(unit);
            else key.Append(Escape).Append(((int)unit).ToString("x4", CultureInfo.InvariantCulture));
    }
}
