using Limiter.Domain;
using Limiter.Domain.Policies;

namespace Limiter.Simulation.Auditing;

/// <summary>One limit of the ideal central limiter: told of every request at once, in the order of true time.</summary>
internal abstract class IdealLimit
{
    public static IdealLimit Of(LimitRule rule, bool countsSlots) => rule.Algorithm switch
    {
        Algorithm.SlidingWindow => new IdealSliding(rule.WindowMs, countsSlots ? rule.SlotMs : 1),
        Algorithm.TokenBucket => new IdealTokenBucket(rule),
        _ => new IdealWindow(rule),
    };

    /// <summary>Tokens refused early and not made up for yet: taken in this account alone.</summary>
    public long Refused { get; set; }

    public abstract bool Fits(Instant now, long tokens, long number);

    /// <summary>Below 0 tokens: takes back what was spent at an earlier time.</summary>
    public abstract void Spend(Instant at, long tokens);
}
