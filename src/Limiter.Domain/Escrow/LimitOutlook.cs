using System.Collections.Immutable;
using Limiter.Domain.Buckets;
using Limiter.Domain.Policies;

namespace Limiter.Domain.Escrow;

/// <summary>
/// What one edge could still spend of a limit when the bucket answered (its own leases included, other edges' not), and
/// how that goes on with time: enough to tell a client what remains and when everything is free, without asking again.
/// A mutable value, owned by its holder.
/// </summary>
public struct LimitOutlook
{
    /// <summary>The number in force; <see cref="Schedule.Unlimited"/> for none.</summary>
    public long Number { get; set; }

    /// <summary>
    /// Tokens left at the time of the answer; of a token bucket its level at <see cref="FreeAt"/>, in units of
    /// 1/<see cref="LimitRule.WindowMs"/> token. May be negative (debt).
    /// </summary>
    public long Free { get; set; }

    /// <summary>
    /// Fixed window and calendar quota: the window's end. Sliding window: when the last counted slot is free. Token
    /// bucket: the time of <see cref="Free"/>.
    /// </summary>
    public Instant FreeAt { get; set; }

    /// <summary>
    /// Sliding window: what becomes free in a lease's lifetime, in the order of time; otherwise empty. Below zero of a
    /// slot of which more was taken back than its leases have reported yet.
    /// </summary>
    public ImmutableArray<Spend> Releases { get; set; }

    /// <summary>Token bucket: the level at which refill stops, in the same units; otherwise 0.</summary>
    public long LevelMax { get; set; }

    /// <summary>Units that refill a token bucket in a millisecond; 0 without a number.</summary>
    public readonly long RateOf(LimitRule rule) => Number == Schedule.Unlimited ? 0 : TokenLevel.RateOf(rule, Number);

    /// <summary>
    /// Tokens left at a time not before the answer, at least 0.
    /// </summary>
    /// <param name="rule">The limit's rule.</param>
    /// <param name="now">The bucket's time.</param>
    /// <param name="spent">Tokens that this edge spent and had not reported when the bucket answered.</param>
    public readonly long RemainingAt(LimitRule rule, Instant now, long spent)
    {
        if (Number == Schedule.Unlimited) return Schedule.Unlimited;
        if (rule.Algorithm == Algorithm.TokenBucket) return Math.Max(0, LevelAt(rule, now) / rule.WindowMs);
        var free = Free - spent;
        if (rule.Algorithm == Algorithm.SlidingWindow)
            foreach (var release in Releases)
                if (release.At <= now) free += release.Tokens;
        return Math.Max(0, free);
    }

    /// <summary>
    /// The window's end, or the time by which everything would be free again without traffic.
    /// </summary>
    /// <param name="rule">The limit's rule.</param>
    /// <param name="now">The bucket's time.</param>
    /// <param name="lastSpend">This edge's last unreported spending; <c>default</c> for none.</param>
    public readonly Instant ResetsAt(LimitRule rule, Instant now, Instant lastSpend) => rule.Algorithm switch
    {
        Algorithm.TokenBucket when RateOf(rule) is > 0 and var rate =>
            now + Ceiling.Divide(LevelMax - LevelAt(rule, now), rate),
        Algorithm.TokenBucket => Instant.Max(now, FreeAt),
        Algorithm.SlidingWindow when lastSpend != default => Instant.Max(
            FreeAt, new Instant(Ceiling.ToMultiple(lastSpend.UnixMilliseconds, rule.SlotMs)) + rule.WindowMs),
        Algorithm.SlidingWindow => Instant.Max(FreeAt, now),
        _ => FreeAt,
    };

    /// <summary>Of a limit whose spending is told afterwards: takes spent tokens out of what was left.</summary>
    public void SpendUngranted(LimitRule rule, long tokens, Instant at)
    {
        if (Number == Schedule.Unlimited) return;
        if (rule.Algorithm == Algorithm.TokenBucket) Spend(rule, tokens, at);
        else Free -= tokens;
    }

    /// <summary>
    /// Goes on to the window and the number of a time, as far as that can be told without the bucket: nothing is used
    /// in a window that began since it answered. True when another window has begun.
    /// </summary>
    public bool Roll(LimitRule rule, Schedule schedule, Instant now)
    {
        if (Number == Schedule.Unlimited || rule.Algorithm == Algorithm.TokenBucket) return false;
        var number = schedule.At(now);
        if (number != Number && number != Schedule.Unlimited) (Free, Number) = (Free + number - Number, number);
        if (rule.Algorithm == Algorithm.SlidingWindow || now < FreeAt) return false;
        (Free, FreeAt) = (Number, Window.Of(rule, now).End);
        return true;
    }

    /// <summary>Token bucket only: takes spent tokens out of the level, as the plain algorithm would.</summary>
    public void Spend(LimitRule rule, long tokens, Instant at)
    {
        if (rule.Algorithm != Algorithm.TokenBucket || Number == Schedule.Unlimited) return;
        Free = LevelAt(rule, at) - (tokens * rule.WindowMs);
        FreeAt = Instant.Max(FreeAt, at);
    }

    private readonly long LevelAt(LimitRule rule, Instant now)
    {
        var elapsed = now - FreeAt;
        if (elapsed <= 0 || Free >= LevelMax) return Free;
        var rate = RateOf(rule);
        if (rate == 0) return Free;
        return elapsed >= Ceiling.Divide(LevelMax - Free, rate) ? LevelMax : Free + (elapsed * rate);
    }
}
