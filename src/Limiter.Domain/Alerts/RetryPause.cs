namespace Limiter.Domain.Alerts;

/// <summary>
/// When a failed delivery is tried again: after 10 s, then after twice as long each time, up to an hour.
/// </summary>
public static class RetryPause
{
    public const long FirstMs = 10 * 1000;
    public const long LongestMs = 60 * 60 * 1000;

    /// <summary>How long after it was raised an alert is tried, in milliseconds (24 hours).</summary>
    public const long LifetimeMs = 24L * 60 * 60 * 1000;

    /// <summary>
    /// A pause is shortened by up to a fifth by chance, so that what failed together does not come again together.
    /// </summary>
    public const int JitterPercent = 20;

    /// <summary>The pause after so many failed attempts, in milliseconds.</summary>
    /// <param name="attempts">At least 1.</param>
    /// <param name="chance">0 up to, not including, 1,000,000: by how much of the jitter it is shortened.</param>
    public static long Of(int attempts, int chance)
    {
        var whole = attempts > 20 ? LongestMs : Math.Min(LongestMs, FirstMs << (attempts - 1));
        return whole - (whole * JitterPercent / 100 * chance / 1_000_000);
    }

    /// <summary>When the next attempt is due, the last one at the end of the lifetime; null: there is none.</summary>
    /// <param name="raisedAt">When the alert was raised.</param>
    /// <param name="now">When the attempt failed.</param>
    /// <inheritdoc cref="Of"/>
    public static Instant? Next(Instant raisedAt, Instant now, int attempts, int chance)
    {
        var end = raisedAt + LifetimeMs;
        return now >= end ? null : Instant.Min(now + Of(attempts, chance), end);
    }
}
