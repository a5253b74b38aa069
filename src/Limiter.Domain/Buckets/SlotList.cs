namespace Limiter.Domain.Buckets;

/// <summary>
/// Tokens by slot, in the order of the slots' ends. A mutable value, owned by one counter: one that was
/// <see cref="Share"/>d copies its slots before it changes any of them, so neither of the two shows the other's change.
/// </summary>
/// <param name="capacity">Slots that it has room for at first; it grows.</param>
internal struct SlotList(int capacity)
{
    // Most copies are told of one spending or two, and then stay as they are.
    private const int Room = 2;

    // From the first on; what is before has been dropped, here but perhaps not in another that shares it.
    private (long End, long Tokens)[] _slots = capacity == 0 ? [] : new (long, long)[capacity];
    private int _first;
    private bool _isShared;

    public int Count { get; private set; }

    public readonly ReadOnlySpan<(long End, long Tokens)> Slots => _slots.AsSpan(_first, Count);

    public SlotList Share()
    {
        _isShared = true;
        return this;
    }

    public void DropFirst()
    {
        _first++;
        Count--;
    }

    public void Add(long end, long tokens)
    {
        var at = Count;
        while (at > 0 && Slots[at - 1].End > end) at--;
        var isNew = at == 0 || Slots[at - 1].End != end;
        if (_isShared) MoveTo(new (long, long)[Count + Room]);
        else if (isNew && _first + Count == _slots.Length) MoveTo(new (long, long)[(Count + Room) * 2]);
        if (isNew) Insert(at, (end, tokens));
        else _slots[_first + at - 1].Tokens += tokens;
    }

    private void Insert(int at, (long End, long Tokens) slot)
    {
        Slots[at..].CopyTo(_slots.AsSpan(_first + at + 1));
        _slots[_first + at] = slot;
        Count++;
    }

    private void MoveTo((long End, long Tokens)[] slots)
    {
        Slots.CopyTo(slots);
        (_slots, _first, _isShared) = (slots, 0, false);
    }
}
