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

    // It sorts before all that stands for itself, so that "a" comes before "a-b" as a part as well.
    private const char Separator = '!';

    // What sorts next after the separator; no key holds it.
    private const char AfterSeparator = '"';
    private const char Escape = '~';

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

    private static void Append(StringBuilder key, string part)
    {
        foreach (var unit in part)
            if (char.IsAsciiLetterOrDigit(unit) || unit is '.' or '_' or '-') key.Append(unit);
            else key.Append(Escape).Append(((int)unit).ToString("x4", CultureInfo.InvariantCulture));
    }
}
