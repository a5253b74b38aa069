using Limiter.Domain;

namespace Limiter.Engine.Leases;

/// <summary>The lease under whose expiry a holder's balances stand. <c>default</c> is none.</summary>
/// <param name="Opened">The bucket's name for it: the number of the request that opened it.</param>
/// <param name="Sent">When the request was sent that was granted last: the lifetime counts from there.</param>
/// <param name="DurationMs">
/// The lifetime; 0 is over. Shorter where a later reply shows that the hosts' clocks disagree.
/// </param>
/// <param name="Shown">
/// What the bucket's clock showed then; later where a later reply shows that the hosts' clocks disagree.
/// </param>
internal readonly record struct HeldLease(long Opened, EdgeTime Sent, long DurationMs, Instant Shown)
{
    public bool IsValid(Edge edge, in EdgeTime now) => DurationMs > 0 && edge.Elapsed(now, Sent) < DurationMs;

    /// <summary>True in the last third of its life: time to renew.</summary>
    public bool IsAging(Edge edge, in EdgeTime now) => edge.Elapsed(now, Sent) * 3 > DurationMs * 2;

    /// <summary>
    /// The latest time that the bucket can show now, as the grant tells it. A wall clock that steps back, and forward
    /// again after a later reply, makes that reply's word far too late; this one's stays within the lifetime.
    /// </summary>
    public Instant Latest(Edge edge, in EdgeTime now) => Shown + edge.Elapsed(now, Sent);

    /// <summary>
    /// Takes in what a later reply shows: the bucket may have moved to a host whose clock is ahead. The lease ends at
    /// the same time of the bucket all the same, and so that much sooner here: its tokens are of a window that may be
    /// over then, and the next one's are granted to others.
    /// </summary>
    public HeldLease After(Edge edge, in BucketClock later)
    {
        if (DurationMs == 0) return this;
        var shown = later.Shown + -((later.Sent.Timestamp - Sent.Timestamp) / edge.TicksPerMillisecond);
        if (shown <= Shown) return this;
        return this with { Shown = shown, DurationMs = Math.Max(0, DurationMs - (shown - Shown)) };
    }
}

/// <summary>Ties the edge's clocks to the bucket's: the bucket showed a time somewhere between two readings.</summary>
/// <param name="Shown">The bucket's time.</param>
/// <param name="Sent">The reading before.</param>
/// <param name="Received">The monotonic clock's reading after.</param>
internal readonly record struct BucketClock(Instant Shown, EdgeTime Sent, long Received)
{
    /// <summary>The latest time that the bucket can show now.</summary>
    public Instant Latest(Edge edge, in EdgeTime now) => Shown + edge.Elapsed(now, Sent);

    /// <summary>The earliest time that the bucket can show now.</summary>
    public Instant Earliest(Edge edge, in EdgeTime now) =>
        Shown + Math.Max(0, (now.Timestamp - Received) / edge.TicksPerMillisecond);
}
