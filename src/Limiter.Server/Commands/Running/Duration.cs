using System.Globalization;

namespace Limiter.Server.Commands.Running;

/// <summary>A stretch of time as people write it: <c>90s</c>, <c>15m</c>, <c>2h</c>, <c>7d</c>.</summary>
internal static class Duration
{
    public const string Rule = "a number and a unit such as 90s, 15m, 2h or 7d";

    // Longer than anything that a server takes, and far from overflow.
    private const long SecondsMax = 100L * 366 * 24 * 60 * 60;

    /// <exception cref="CommandFailedException">It is none.</exception>
    public static TimeSpan Parse(string option, string text)
    {
        var unit = text.Length > 1 ? text[^1] switch { 's' => 1L, 'm' => 60, 'h' => 3_600, 'd' => 86_400, _ => 0 } : 0;
        if (unit > 0
            && long.TryParse(text.AsSpan()[..^1], NumberStyles.None, CultureInfo.InvariantCulture, out var n)
            && n <= SecondsMax / unit) return TimeSpan.FromSeconds(n * unit);
        throw CommandFailedException.WrongUsage($"{option}: '{text}' is not {Rule}");
    }

    /// <summary>The time after a stretch from now, as the server takes it.</summary>
    public static string After(TimeProvider clock, TimeSpan span) => Moment.Format(clock.GetUtcNow() + span);
}
