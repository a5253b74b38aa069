using Limiter.Domain;
using Limiter.Domain.Usage;

namespace Limiter.Engine.Ports;

/// <summary>The bounds of <see cref="IUsageStore"/>, checked alike by every adapter.</summary>
public static class UsageBounds
{
    /// <exception cref="ArgumentOutOfRangeException">Nothing, or more than one save takes.</exception>
    public static void CheckSave(int count)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, IUsageStore.SaveMax);
    }

    /// <exception cref="ArgumentOutOfRangeException">Nothing, or more than one page has.</exception>
    public static void CheckPage(int take)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(take, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(take, IUsageStore.PageMax);
    }

    /// <exception cref="ArgumentOutOfRangeException">Not some minutes of one hour.</exception>
    public static void CheckMinutes(Instant from, Instant until)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(until, from);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(until, UsagePeriod.Of(UsageGrain.Hour, from).End);
    }

    /// <exception cref="ArgumentOutOfRangeException">A grain that is kept for ever.</exception>
    public static void CheckDelete(UsageGrain grain, int take)
    {
        if (grain is < UsageGrain.Minute or > UsageGrain.Day)
            throw new ArgumentOutOfRangeException(nameof(grain), grain, "It is kept for ever.");
        CheckPage(take);
    }

    /// <exception cref="ArgumentOutOfRangeException">A grain that is not summed up from another.</exception>
    public static void CheckTotal(UsageGrain grain)
    {
        if (grain is < UsageGrain.Hour or > UsageGrain.Month)
            throw new ArgumentOutOfRangeException(nameof(grain), grain, "It is not summed up.");
    }
}
