using System.Collections.Concurrent;
using Limiter.Engine.Leases;

namespace Limiter.Engine.Callers;

/// <summary>Something that a <see cref="RecentCache{TKey, TValue}"/> keeps while it is used.</summary>
internal abstract class Recent
{
    private long _usedAt;

    /// <summary>Timestamp of the last use.</summary>
    public long UsedAt => Volatile.Read(ref _usedAt);

    public void Touch(long timestamp)
    {
        if (_usedAt != timestamp) Volatile.Write(ref _usedAt, timestamp);
    }
}

/// <summary>
/// What was used lately. Entries leave after an idle time, when <see cref="Tend"/> comes by; while it is full, nothing
/// is added, and whoever asks goes to the directory each time. Thread-safe.
/// </summary>
internal sealed class RecentCache<TKey, TValue>(int capacity, long idleTicks)
    where TKey : notnull
    where TValue : Recent
{
    private readonly ConcurrentDictionary<TKey, TValue> _entries = new();
    private readonly DueQueue<TKey> _due = new();

    // The dictionary's own count takes every lock of it.
    private int _count;

    public bool TryGet(TKey key, out TValue value) => _entries.TryGetValue(key, out value!);

    /// <summary>Keeps a value, in the place of an older one; a further one only while there is room.</summary>
    public TValue Put(TKey key, TValue value, long now)
    {
        value.Touch(now);
        while (true)
        {
            if (_entries.TryGetValue(key, out var older))
            {
                if (_entries.TryUpdate(key, value, older)) return value;
                continue;
            }
            if (Volatile.Read(ref _count) >= capacity) return value;
            if (!_entries.TryAdd(key, value)) continue;
            Interlocked.Increment(ref _count);
            _due.Add(key, now + idleTicks);
            return value;
        }
    }

    /// <summary>Puts a value in the place of one that is still there; otherwise changes nothing.</summary>
    public void Replace(TKey key, TValue older, TValue newer) => _entries.TryUpdate(key, newer, older);

    /// <summary>The entry leaves now; its place in the count when <see cref="Tend"/> comes by.</summary>
    public void Remove(TKey key) => _entries.TryRemove(key, out _);

    /// <summary>Drops entries that were idle for the idle time.</summary>
    public void Tend(long now)
    {
        while (_due.TryTake(now, out var key))
        {
            if (_entries.TryGetValue(key, out var value) && value.UsedAt + idleTicks > now)
            {
                _due.Add(key, value.UsedAt + idleTicks);
                continue;
            }
            if (value is not null) _entries.TryRemove(new KeyValuePair<TKey, TValue>(key, value));
            Interlocked.Decrement(ref _count);
        }
    }
}
