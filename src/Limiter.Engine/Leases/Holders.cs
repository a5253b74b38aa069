using System.Collections.Concurrent;
using Limiter.Domain.Buckets;
using Limiter.Domain.Policies;

namespace Limiter.Engine.Leases;

/// <summary>
/// The lease holders of this edge, one a bucket in use. One that is not used any more reports what it owes and leaves.
/// Thread-safe.
/// </summary>
internal sealed class Holders(Edge edge)
{
    /// <summary>Most buckets that one edge holds at once; beyond that a further one counts as unreachable.</summary>
    public const int CapacityMax = 4_000_000;

    /// <summary>Buckets that are settled at once when this process ends.</summary>
    private const int ClosedAtOnce = 256;

    /// <summary>Holders that are looked at to tell what all of them hold.</summary>
    private const int SampledMax = 20_000;

    private readonly ConcurrentDictionary<BucketId, LeaseHolder> _holders = new();
    private readonly DueQueue<LeaseHolder> _due = new();
    private int _count;

    /// <summary>Buckets in use.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>Whether a bucket is being asked now. Looks at every holder.</summary>
    public bool AreAsking
    {
        get
        {
            foreach (var (_, holder) in _holders)
                if (holder.IsAsking) return true;
            return false;
        }
    }

    /// <summary>
    /// Tokens held and not spent: of all holders, or of as many as are looked at, times what those stand for. The
    /// dictionary's order is that of hashes, so its beginning is as good a sample as any.
    /// </summary>
    public long TokensHeld(in EdgeTime now)
    {
        var (held, seen) = (0L, 0);
        foreach (var (_, holder) in _holders)
        {
            held += holder.TokensHeld(now);
            if (++seen >= SampledMax) break;
        }
        return seen < SampledMax ? held : (long)((Int128)held * Math.Max(seen, Count) / seen);
    }

    /// <summary>The holder of a bucket; null when there are too many.</summary>
    public LeaseHolder? Get(BucketId bucket, Terms terms)
    {
        while (true)
        {
            if (_holders.TryGetValue(bucket, out var holder) && !holder.IsRetired) return holder;
            if (holder is not null) _holders.TryRemove(new KeyValuePair<BucketId, LeaseHolder>(bucket, holder));
            if (Count >= CapacityMax) return null;
            holder = new LeaseHolder(bucket, edge, terms);
            if (!_holders.TryAdd(bucket, holder)) continue;
            Interlocked.Increment(ref _count);
            _due.Add(holder, edge.Clock.GetTimestamp() + Interval);
            return holder;
        }
    }

    /// <summary>Looks after the holders that are due: see <see cref="LeaseHolder.Tend"/>.</summary>
    public void Tend(in EdgeTime now)
    {
        while (_due.TryTake(now.Timestamp, out var holder))
        {
            if (holder.Tend(now))
            {
                _holders.TryRemove(new KeyValuePair<BucketId, LeaseHolder>(holder.Bucket, holder));
                Interlocked.Decrement(ref _count);
            }
            else
            {
                _due.Add(holder, now.Timestamp + Interval);
            }
        }
    }

    /// <summary>Settles every lease, before this process ends.</summary>
    public async Task CloseAsync(CancellationToken cancellation)
    {
        foreach (var some in _holders.Values.Chunk(ClosedAtOnce))
        {
            cancellation.ThrowIfCancellationRequested();
            await Task.WhenAll(some.Select(holder => holder.CloseAsync())).ConfigureAwait(false);
        }
    }

    // A holder is looked after soon after its lease can have ended.
    private long Interval => edge.TicksPerMillisecond * Math.Max(1_000, edge.Options.LifetimeMs);
}
