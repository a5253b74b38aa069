namespace Limiter.Domain.Buckets;

/// <summary>
/// The tokens that one edge holds under one expiry, a holding for each limit of the bucket. It stays open while the
/// edge
/// renews it in time; afterwards it waits for its last report, at most <see cref="LateMsMax"/>. Mutable, owned by one
/// <see cref="BucketState"/>.
/// </summary>
public sealed class Lease
{
    /// <summary>Longest lifetime of a grant, in milliseconds.</summary>
    public const long LifetimeMsMax = 30_000;

    /// <summary>How long after its expiry a lease's report still counts, in milliseconds.</summary>
    public const long LateMsMax = 10 * 60 * 1000;

    internal Lease(long opened, Instant grantedAt, int limits)
    {
        Opened = opened;
        GrantedAt = grantedAt;
        Holdings = new Holding[limits];
    }

    /// <summary>The number of the request that opened it.</summary>
    internal long Opened { get; }

    /// <summary>When it was opened: nothing of it was spent before.</summary>
    internal Instant GrantedAt { get; }

    /// <summary>The expiry that the edge is known to have received; <c>default</c> for none.</summary>
    internal Instant Received { get; set; }

    /// <summary>The expiry that the last reply carried; <c>default</c> once it is known what became of it.</summary>
    internal Instant Pending { get; set; }

    internal Holding[] Holdings { get; private set; }

    /// <summary>The latest time at which the edge may still spend.</summary>
    internal Instant Expiry => Instant.Max(Received, Pending);

    /// <summary>True when no token is held and no reply is open: there is nothing left to learn of it.</summary>
    internal bool IsEmpty
    {
        get
        {
            foreach (ref readonly var holding in Holdings.AsSpan())
                if (holding.Tokens > 0) return false;
            return true;
        }
    }

    internal Lease Clone() => new(Opened, GrantedAt, Holdings.Length)
    {
        Received = Received,
        Pending = Pending,
        Holdings = [.. Holdings],
    };

    /// <summary>
    /// Keeps the holdings of the limits that stay; <paramref name="from"/> tells each new position's old one, or -1.
    /// </summary>
    internal void Remap(ReadOnlySpan<int> from)
    {
        var moved = new Holding[from.Length];
        for (var i = 0; i < moved.Length; i++)
            if (from[i] >= 0) moved[i] = Holdings[from[i]];
        Holdings = moved;
    }
}

/// <summary>What a lease holds of one limit.</summary>
internal struct Holding
{
    /// <summary>Granted, received and not known to be spent or returned.</summary>
    public long Held;

    /// <summary>Granted by the last reply, of which it is not known whether it arrived.</summary>
    public long Pending;

    /// <summary>Reported as spent since the last reply that the edge received.</summary>
    public long AppliedSpent;

    /// <summary>Reported as returned since the last reply that the edge received.</summary>
    public long AppliedReturned;

    public readonly long Tokens => Held + Pending;
}
