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

    /// <summary>Whole tokens that it would still admit; below 0 where a number was lowered.</summary>
    public abstract long RoomAt(Instant now, long number);

    /// <summary>Nothing is left, not even part of a token.</summary>
    public virtual void Empty(Instant now, long number)
    {
        if (RoomAt(now, number) is > 0 and var room) Spend(now, room);
    }

    /// <summary>Below 0 tokens: takes back what was spent at an earlier time.</summary>
    public abstract void Spend(Instant at, long tokens);

    /// <summary>Spends also what is beyond the number: time works that off as the algorithm has it.</summary>
    public virtual void Charge(Instant at, long tokens, long number)
    {
        RoomAt(at, number);
        Spend(at, tokens);
    }
}
