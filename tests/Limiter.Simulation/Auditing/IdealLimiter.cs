using Limiter.Domain;

namespace Limiter.Simulation.Auditing;

/// <summary>
/// An ideal central limiter: it follows what was admitted, and is asked about every request that was denied. One that
/// it has room for was refused early, and takes that room, so that it is counted once. An admission that it has no room
/// for then takes the place of such a one.
/// </summary>
internal sealed class IdealLimiter
{
    public RefusalCount Count { get; private set; }

    /// <summary>A request that was let through.</summary>
    public void Admit(Instant at, long cost, ReadOnlySpan<Spending> spendings)
    {
        var fits = true;
        foreach (ref readonly var spending in spendings) fits &= Fits(spending.Limit, at, cost);
        if (fits)
            foreach (ref readonly var spending in spendings) spending.Limit.Ideal.Spend(at, cost);
        Count = Count with
        {
            Requests = Count.Requests + 1,
            AdmissibleTokens = Count.AdmissibleTokens + (fits ? cost : 0),
            MadeUpTokens = Count.MadeUpTokens + (fits ? 0 : MakeUp(at, cost, spendings)),
        };
    }

    /// <summary>A request that was denied for its limits.</summary>
    public void Deny(Instant at, long cost, ReadOnlySpan<LimitAccount> limits)
    {
        var fits = true;
        foreach (var limit in limits) fits &= Fits(limit, at, cost);
        if (fits)
            foreach (var limit in limits)
            {
                limit.Ideal.Spend(at, cost);
                limit.Ideal.Refused += cost;
            }
        Count = Count with
        {
            Requests = Count.Requests + 1,
            Refused = Count.Refused + 1,
            Early = Count.Early + (fits ? 1 : 0),
            EarlyTokens = Count.EarlyTokens + (fits ? cost : 0),
            AdmissibleTokens = Count.AdmissibleTokens + (fits ? cost : 0),
        };
    }

    // No more than was refused early by the limits that have no room. What is beyond that, admitted without a bucket
    // say, makes up for nothing.
    private static long MakeUp(Instant at, long cost, ReadOnlySpan<Spending> spendings)
    {
        var made = cost;
        foreach (ref readonly var spending in spendings)
            if (!Fits(spending.Limit, at, cost)) made = Math.Min(made, spending.Limit.Ideal.Refused);
        foreach (ref readonly var spending in spendings)
            if (!Fits(spending.Limit, at, cost)) spending.Limit.Ideal.Refused -= made;
        return made;
    }

    private static bool Fits(LimitAccount limit, Instant at, long cost) =>
        limit.Ideal.Fits(at, cost, limit.Numbers.At(at));
}
