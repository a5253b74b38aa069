namespace Limiter.Engine.Usage;

/// <summary>When counted usage is saved.</summary>
public sealed record UsageOptions
{
    /// <summary>
    /// Seconds between two saves of a minute that goes on, 1 to 60, a divisor of 60; default 60: once, after the
    /// minute's end. What was counted since is what a crash loses.
    /// </summary>
    public int SaveSeconds
    {
        get;
        init => field = value is >= 1 and <= 60 && 60 % value == 0
            ? value
            : throw new ArgumentOutOfRangeException(nameof(SaveSeconds), value, "A divisor of 60.");
    } = 60;
}
