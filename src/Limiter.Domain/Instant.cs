using System.Globalization;

namespace Limiter.Domain;

/// <summary>A point in time: whole milliseconds since 1970-01-01T00:00:00Z. <c>default</c> is that epoch.</summary>
public readonly record struct Instant(long UnixMilliseconds) : IComparable<Instant>
{
    /// <summary>Later than every time that Limiter computes with.</summary>
    public static readonly Instant Never = new(long.MaxValue);

    /// <summary>Earlier than every time that Limiter computes with.</summary>
    public static readonly Instant MinValue = new(long.MinValue);

    /// <summary>Whole seconds since the epoch, rounded up: a time told to a client is never too early.</summary>
    public long UnixSecondsRoundedUp => Ceiling.Divide(UnixMilliseconds, 1000);

    public static Instant operator +(Instant instant, long milliseconds) =>
        new(instant.UnixMilliseconds + milliseconds);

    /// <summary>Milliseconds from <paramref name="right"/> to <paramref name="left"/>.</summary>
    public static long operator -(Instant left, Instant right) => left.UnixMilliseconds - right.UnixMilliseconds;

    public static bool operator <(Instant left, Instant right) => left.UnixMilliseconds < right.UnixMilliseconds;

    public static bool operator >(Instant left, Instant right) => left.UnixMilliseconds > right.UnixMilliseconds;

    public static bool operator <=(Instant left, Instant right) => left.UnixMilliseconds <= right.UnixMilliseconds;

    public static bool operator >=(Instant left, Instant right) => left.UnixMilliseconds >= right.UnixMilliseconds;

    public static Instant Max(Instant left, Instant right) => left > right ? left : right;

    public static Instant Min(Instant left, Instant right) => left < right ? left : right;

    public static Instant From(DateTimeOffset time) => new(time.ToUnixTimeMilliseconds());

    public DateTimeOffset ToDateTimeOffset() => DateTimeOffset.FromUnixTimeMilliseconds(UnixMilliseconds);

    public int CompareTo(Instant other) => UnixMilliseconds.CompareTo(other.UnixMilliseconds);

    public override string ToString() => this == Never
        ? "never"
        : ToDateTimeOffset().ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
}
