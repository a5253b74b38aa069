using System.Globalization;

namespace Limiter.Server.Commands.Terminal;

/// <summary>Text of others, made safe to show: an escape sequence in a reason must not move anybody's cursor.</summary>
internal static class Plain
{
    public static string Text(string text) => text.Any(IsUnsafe)
        ? string.Create(text.Length, text, static (shown, from) =>
        {
            for (var i = 0; i < shown.Length; i++) shown[i] = IsUnsafe(from[i]) ? '?' : from[i];
        })
        : text;

    // Line ends are ours: whoever shows several lines writes them one by one. Formats turn the direction of text.
    private static bool IsUnsafe(char c) =>
        char.IsControl(c) || CharUnicodeInfo.GetUnicodeCategory(c) is UnicodeCategory.Format
            or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator;
}
