using Limiter.Domain;

namespace Limiter.Simulation.Auditing;

/// <summary>What one count of days has of some of them.</summary>
/// <param name="Taken">Tokens admitted on a grant, or charged after the fact.</param>
/// <param name="Lost">Tokens of leases of which nothing more will be heard.</param>
internal readonly record struct DaySum(long Taken, long Lost)
{
    public static DaySum Of(LimitAccount count, IReadOnlySet<Instant> days)
    {
        var (taken, lost) = (0L, 0L);
        foreach (ref readonly var entry in count.Spent)
            if (IsOn(entry.At)) taken += entry.Tokens;
        foreach (ref readonly var entry in count.Charged)
            if (IsOn(entry.At)) taken += entry.Tokens;
        // A lease that ends with its day has taken from that one.
        foreach (ref readonly var entry in count.Lost)
            if (IsOn(entry.At + -1)) lost += entry.Tokens;
        return new DaySum(taken, lost);

        bool IsOn(Instant at) => days.Contains(CountedWindow.Of(count.Rule, at).Start);
    }
}
