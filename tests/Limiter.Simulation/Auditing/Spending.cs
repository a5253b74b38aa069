using Limiter.Domain;

namespace Limiter.Simulation.Auditing;

/// <summary>An admission's cost in one limit, dated in the time of the limit's bucket.</summary>
/// <param name="Limit">The limit that counts it.</param>
/// <param name="At">The bucket's time of it, as the edge that spent it reckons.</param>
/// <param name="NotBefore">
/// The earliest bucket time that is honest: the grant's for what waited, the grant's plus what truly elapsed for what
/// was spent from a lease, less what the world's clocks may be wrong.
/// </param>
/// <param name="NotAfter">The latest that is honest: also the expiry of the lease, where one was spent from.</param>
public readonly record struct Spending(LimitAccount Limit, Instant At, Instant NotBefore, Instant NotAfter)
{
    /// <summary>By how much earlier than <see cref="At"/> it can have been; 0 where no bound was stated.</summary>
    internal long VagueMs => NotBefore <= default(Instant) || At <= NotBefore ? 0 : At - NotBefore;

    /// <summary>For a world that states no bounds.</summary>
    public Spending(LimitAccount limit, Instant at)
        : this(limit, at, default, Instant.Never)
    {
    }
}
