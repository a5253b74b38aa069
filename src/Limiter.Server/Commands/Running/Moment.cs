using System.Globalization;

namespace Limiter.Server.Commands.Running;

/// <summary>Times as this command line takes and shows them: ISO 8601 in UTC, or a date for its midnight.</summary>
internal static class Moment
{
    private const string Shown = "yyyy-MM-dd'T'HH:mm:ss'Z'";

    private static readonly string[] Accepted =
        ["yyyy-MM-dd", "yyyy-MM-dd'T'HH:mm'Z'", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFzzz"];

    public static bool TryParse(string text, out DateTimeOffset time) => DateTimeOffset.TryParseExact(
        text, Accepted, CultureInfo.InvariantCulture,
        DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out time);

    /// <exception cref="CommandFailedException">It is none.</exception>
    public static DateTimeOffset Parse(string option, string text) => TryParse(text, out var time)
        ? time
        : throw CommandFailedException.WrongUsage(
            $"{option}: '{text}' is no time such as 2026-01-01 or 2026-01-01T12:00:00Z");

    public static string Format(DateTimeOffset time) =>
        time.ToUniversalTime().ToString(Shown, CultureInfo.InvariantCulture);
}
