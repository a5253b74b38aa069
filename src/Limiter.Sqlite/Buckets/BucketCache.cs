using Limiter.Domain;
using Limiter.Domain.Buckets;

namespace Limiter.Sqlite.Buckets;

/// <summary>
/// The buckets that were used last, decoded. What leaves is only read again when it is used again. Not thread-safe.
/// </summary>
internal sealed class BucketCache(int bucketsMax)
{
    /// <summary>A bucket leaves when it was not used for this long, in milliseconds (1 minute).</summary>
    public const long IdleMs = 60_000;

    private readonly Dictionary<BucketId, LinkedListNode<Entry>> _byId = [];
    private readonly LinkedList<Entry> _byUse = new();

    public StoredBucket? Find(BucketId bucket) => _byId.TryGetValue(bucket, out var node) ? node.Value.Stored : null;

    public void Keep(BucketId bucket, StoredBucket stored, Instant now)
    {
        if (_byId.TryGetValue(bucket, out var node))
        {
            _byUse.Remove(node);
            node.Value = new Entry(bucket, stored, now);
        }
        else
        {
            node = new LinkedListNode<Entry>(new Entry(bucket, stored, now));
            _byId.Add(bucket, node);
        }
        _byUse.AddLast(node);
        if (_byId.Count > bucketsMax) DropFirst();
    }

    /// <summary>Drops the buckets that were not used for <see cref="IdleMs"/>.</summary>
    public void DropIdle(Instant now)
    {
        while (_byUse.First is { } first && now - first.Value.UsedAt >= IdleMs) DropFirst();
    }

    public void Clear()
    {
        _byId.Clear();
        _byUse.Clear();
    }

    private void DropFirst()
    {
        _byId.Remove(_byUse.First!.Value.Bucket);
        _byUse.RemoveFirst();
    }

    private readonly record struct Entry(BucketId Bucket, StoredBucket Stored, Instant UsedAt);
}
