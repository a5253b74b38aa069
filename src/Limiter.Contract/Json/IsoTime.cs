using System.Globalization;
using System.Text.Json;
using Limiter.Domain;

namespace Limiter.Http.Json;

/// <summary>ISO 8601 in UTC, in whole seconds rounded up: <c>2026-01-01T00:01:00Z</c>.</summary>
internal static class IsoTime
{
    /// <summary>Length in bytes of every time that is written.</summary>
    public const int Length = 20;

    /// <summary>The last second of the year 9999: later times are written as this one.</summary>
    private const long SecondsMax = 253_402_300_799;

    private static readonly string[] Formats =
        ["yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFzzz"];

    /// <summary>Reads a time that says its zone, <c>Z</c> or an offset.</summary>
    public static bool TryParse(string text, out Instant time)
    {
        const DateTimeStyles styles = DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal;
        var read = DateTimeOffset.TryParseExact(text, Formats, CultureInfo.InvariantCulture, styles, out var parsed);
        time = read ? Instant.From(parsed) : default;
        return read;
    }

    public static string Format(Instant time) => string.Create(Length, time, static (text, instant) =>
        ToTime(instant).TryFormat(text, out _, "yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture));

    /// <summary>To the millisecond, as far as there are any: <c>2026-01-01T00:00:59.5Z</c>.</summary>
    public static string FormatExactly(Instant time) => time.ToDateTimeOffset()
        .ToString("yyyy-MM-dd'T'HH:mm:ss.FFF'Z'", CultureInfo.InvariantCulture);

    public static void WriteTime(this Utf8JsonWriter json, JsonEncodedText name, Instant time)
    {
        Span<byte> text = stackalloc byte[Length];
        Write(ToTime(time), text);
        json.WriteString(name, text);
    }

    private static DateTime ToTime(Instant time) =>
        DateTime.UnixEpoch.AddSeconds(Math.Clamp(time.UnixSecondsRoundedUp, 0, SecondsMax));

    private static void Write(DateTime time, Span<byte> text)
    {
        "0000-00-00T00:00:00Z"u8.CopyTo(text);
        Digits(text[..4], time.Year);
        Digits(text[5..7], time.Month);
        Digits(text[8..10], time.Day);
        Digits(text[11..13], time.Hour);
        Digits(text[14..16], time.Minute);
        Digits(text[17..19], time.Second);
    }

    private static void Digits(Span<byte> text, int value)
    {
        for (var i = text.Length - 1; i >= 0; i--)
        {
            text[i] = (byte)('0' + value % 10);
            value /= 10;
        }
    }
}
