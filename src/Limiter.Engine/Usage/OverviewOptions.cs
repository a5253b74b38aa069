namespace Limiter.Engine.Usage;

/// <summary>
/// At which tenants' limits an overview looks, beside those of its page. A look at a tenant of which this process holds
/// no lease asks its bucket, so this is for the host to say: what is free on a disk is paid for elsewhere.
/// </summary>
public sealed record OverviewOptions
{
    /// <summary>How many of the busiest are looked at each time, 0 to 200; default 200.</summary>
    public int BusiestMax
    {
        get;
        init => field = InBounds(value, nameof(BusiestMax));
    } = LookedAtMax;

    /// <summary>How many of the most denied are looked at each time, 0 to 200; default 200.</summary>
    public int DeniedMax
    {
        get;
        init => field = InBounds(value, nameof(DeniedMax));
    } = LookedAtMax;

    /// <summary>How long a look is kept, 1 s to 10 minutes; default 5 s.</summary>
    public TimeSpan LookKept
    {
        get;
        init => field = value >= TimeSpan.FromSeconds(1) && value <= TimeSpan.FromMinutes(10)
            ? value
            : throw new ArgumentOutOfRangeException(nameof(LookKept), value, "From 1 s to 10 minutes.");
    } = TimeSpan.FromSeconds(5);

    /// <summary>Most of either kind.</summary>
    public const int LookedAtMax = 200;

    private static int InBounds(int value, string name) => value is >= 0 and <= LookedAtMax
        ? value
        : throw new ArgumentOutOfRangeException(name, value, $"From 0 to {LookedAtMax}.");
}
