namespace Limiter.Simulation.Time;

/// <summary>
/// Work by the time at which it is due, then in the order in which it came: a heap of plain numbers, four below each,
/// that say where the work lies.
/// </summary>
internal sealed class DueHeap
{
    private const int Below = 4;

    private Key[] _keys = new Key[1_024];
    private Work[] _works = new Work[1_024];
    private int[] _free = new int[1_024];
    private int _freeCount;
    private int _used;
    private long _order;

    public int Count { get; private set; }

    /// <summary>When the first is due; there has to be one.</summary>
    public long NextTicks => _keys[0].Ticks;

    public void Add(long ticks, Work work)
    {
        if (Count == _keys.Length) Grow();
        var place = _freeCount > 0 ? _free[--_freeCount] : _used++;
        _works[place] = work;
        Rise(Count++, new Key(ticks, _order++, place));
    }

    /// <summary>Takes the first; there has to be one.</summary>
    public Work Take()
    {
        var place = _keys[0].Place;
        var work = _works[place];
        _works[place] = default;
        _free[_freeCount++] = place;
        var last = _keys[--Count];
        if (Count > 0) Sink(last);
        return work;
    }

    private void Grow()
    {
        Array.Resize(ref _keys, Count * 2);
        Array.Resize(ref _works, Count * 2);
        Array.Resize(ref _free, Count * 2);
    }

    private void Rise(int at, Key key)
    {
        var keys = _keys;
        while (at > 0)
        {
            var above = (at - 1) / Below;
            if (!key.IsBefore(keys[above])) break;
            keys[at] = keys[above];
            at = above;
        }
        keys[at] = key;
    }

    private void Sink(Key key)
    {
        var keys = _keys;
        var at = 0;
        while (true)
        {
            var first = (at * Below) + 1;
            if (first >= Count) break;
            var least = first;
            var end = Math.Min(first + Below, Count);
            for (var i = first + 1; i < end; i++)
                if (keys[i].IsBefore(keys[least])) least = i;
            if (key.IsBefore(keys[least])) break;
            keys[at] = keys[least];
            at = least;
        }
        keys[at] = key;
    }

    private readonly record struct Key(long Ticks, long Order, int Place)
    {
        public bool IsBefore(in Key other) => Ticks != other.Ticks ? Ticks < other.Ticks : Order < other.Order;
    }
}
