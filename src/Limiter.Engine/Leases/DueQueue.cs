using System.Diagnostics.CodeAnalysis;

namespace Limiter.Engine.Leases;

/// <summary>
/// Things to look after at a later time, in the order in which they were put here; those times rise nearly so. Lets go
/// of what it hands out, and of the room that it no longer needs. Thread-safe.
/// </summary>
internal sealed class DueQueue<T>
    where T : notnull
{
    // Room for fewer is not worth giving back.
    private const int KeptRoom = 1_024;

    private readonly Lock _gate = new();
    private readonly Queue<(T Item, long DueAt)> _items = new();

    // When the first is due, so that who comes too early takes no lock; the end of time while there is none.
    private long _nextAt = long.MaxValue;

    public void Add(T item, long dueAt)
    {
        lock (_gate)
        {
            _items.Enqueue((item, dueAt));
            if (_items.Count == 1) Volatile.Write(ref _nextAt, dueAt);
        }
    }

    /// <summary>Whether the time of the next item has come.</summary>
    public bool IsDue(long now) => Volatile.Read(ref _nextAt) <= now;

    /// <summary>Takes the next item if its time has come.</summary>
    public bool TryTake(long now, [NotNullWhen(true)] out T? item)
    {
        item = default;
        if (!IsDue(now)) return false;
        lock (_gate)
        {
            if (!_items.TryPeek(out var next) || next.DueAt > now) return false;
            _items.Dequeue();
            item = next.Item;
            Volatile.Write(ref _nextAt, _items.TryPeek(out var following) ? following.DueAt : long.MaxValue);
            if (_items.Count >= KeptRoom && _items.Count < _items.Capacity / 4) _items.TrimExcess(_items.Count * 2);
            else if (_items.Count == 0 && _items.Capacity > KeptRoom) _items.TrimExcess();
            return true;
        }
    }
}
