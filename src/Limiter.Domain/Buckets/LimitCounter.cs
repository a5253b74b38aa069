using Limiter.Domain.Escrow;
using Limiter.Domain.Policies;

namespace Limiter.Domain.Buckets;

/// <summary>
/// What one limit of a bucket has used. Mutable, owned by one <see cref="BucketState"/>. Tokens that are outstanding in
/// leases are the bucket's to list; a counter is told of them where it needs them. All times are the bucket's, and
/// <see cref="Advance"/> comes before anything else that takes the same time.
/// </summary>
internal abstract class LimitCounter(LimitRule rule)
{
    /// <summary>What an unlimited limit has free: far above any grant, far below overflow.</summary>
    public const long Plenty = 1L << 60;

    public LimitRule Rule { get; } = rule;

    /// <summary>When it began to count: nothing that was spent before is in it, so none of that is refunded.</summary>
    public Instant Since { get; set; }

    public static LimitCounter Create(LimitRule rule, Instant now)
    {
        var counter = Empty(rule, now);
        counter.Since = now;
        return counter;
    }

    private static LimitCounter Empty(LimitRule rule, Instant now) => rule.Algorithm switch
    {
        Algorithm.FixedWindow or Algorithm.CalendarQuota => new FixedCounter(rule, now),
        Algorithm.SlidingWindow => new SlidingCounter(rule),
        Algorithm.TokenBucket => new TokenCounter(rule, now),
        _ => throw new InvalidOperationException($"Unknown algorithm {rule.Algorithm}."),
    };

    public abstract LimitCounter Clone();

    /// <summary>Moves to a time: windows roll, slots leave, tokens are refilled.</summary>
    public abstract void Advance(Instant now, Schedule schedule);

    /// <summary>Tokens that can be granted now without ever breaking the promise; may be negative.</summary>
    public abstract long Free(Instant now, Schedule schedule, ReadOnlySpan<Outstanding> outstanding);

    /// <summary>Tokens leave for a lease.</summary>
    public abstract void Grant(long tokens);

    /// <summary>
    /// Outstanding tokens turn out to be spent at a time; one after <paramref name="now"/> for tokens that may be spent
    /// until then, and of which nothing more will be heard.
    /// </summary>
    public abstract void Spend(long tokens, Instant at, Instant now);

    /// <summary>Outstanding tokens come back unspent, to the window that holds a time.</summary>
    public abstract void Return(long tokens, Instant chargedAt, long number);

    /// <summary>Charges tokens that were admitted without a grant; may leave a debt.</summary>
    /// <param name="tokens">At least 0.</param>
    /// <param name="at">
    /// When they were spent: not after <paramref name="now"/>, and at most <see cref="Lease.LateMsMax"/> before.
    /// </param>
    /// <param name="now">The time that the counter was advanced to.</param>
    /// <param name="schedule">The numbers in force.</param>
    public abstract void Charge(long tokens, Instant at, Instant now, Schedule schedule);

    /// <summary>Takes back tokens that were spent at a time, where the algorithm's promise allows it.</summary>
    public abstract void Refund(long tokens, Instant spentAt, long number);

    /// <summary>
    /// The first time, not before <paramref name="from"/>, at which <paramref name="tokens"/> can be granted without
    /// other traffic, outstanding tokens being spent as late as they can; <see cref="Instant.Never"/> for none.
    /// </summary>
    public abstract Instant FreeAt(
        long tokens, Instant from, Schedule schedule, ReadOnlySpan<Outstanding> outstanding);

    /// <summary>What is left besides tokens outstanding elsewhere, for an edge to show.</summary>
    public abstract LimitOutlook Outlook(Instant now, Schedule schedule, ReadOnlySpan<Outstanding> elsewhere);

    /// <summary>
    /// Tokens that a counter under another rule has to start with, so that a changed limit keeps what was used.
    /// </summary>
    public abstract long Used(Instant now);

    /// <summary>True when nothing is counted: a new counter would decide alike.</summary>
    public abstract bool IsAtRest { get; }

    public abstract void Write(ref StateWriter writer);

    public abstract void Read(ref StateReader reader);

    protected static long Sum(ReadOnlySpan<Outstanding> outstanding)
    {
        var sum = 0L;
        foreach (var item in outstanding) sum += item.Tokens;
        return sum;
    }
}
