using System.Globalization;
using Limiter.Domain;
using Limiter.Domain.Alerts;

namespace Limiter.Engine.Ports;

/// <summary>Where a list of alerts goes on: after one, by time and id. The latest come first.</summary>
/// <param name="At">When that one was raised.</param>
/// <param name="Id">Its id.</param>
public sealed record AlertCursor(Instant At, string Id)
{
    private const char Separator = '.';

    /// <summary>Null for the start.</summary>
    /// <exception cref="ArgumentException">The text is none that <see cref="After"/> gave.</exception>
    public static AlertCursor? Parse(string? text)
    {
        if (text is null) return null;
        var at = text.IndexOf(Separator, StringComparison.Ordinal);
        return at > 0 && text.Length - at - 1 == AlertId.Length
            && text.Skip(at + 1).All(c => char.IsAsciiLetterOrDigit(c) || c == '_')
            && long.TryParse(text.AsSpan(0, at), NumberStyles.None, CultureInfo.InvariantCulture, out var time)
            ? new AlertCursor(new Instant(time), text[(at + 1)..])
            : throw new ArgumentException($"\"{text}\" is not where this list goes on", nameof(text));
    }

    public static string After(Alert alert) =>
        string.Create(CultureInfo.InvariantCulture, $"{alert.At.UnixMilliseconds}{Separator}{alert.Id}");

    /// <summary>Whether an alert comes later in the list.</summary>
    public bool IsBefore(Alert alert) =>
        alert.At < At || (alert.At == At && string.CompareOrdinal(alert.Id, Id) > 0);
}
