namespace Limiter.Engine.Leases;

/// <summary>
/// The requests that wait for one bucket, in the order in which they came. They chain themselves, so that a bucket that
/// nobody waits for keeps no room for any. A mutable value.
/// </summary>
internal struct WaitingLine
{
    // The ring's last, whose next is the first.
    private Waiter? _last;

    public int Count { get; private set; }

    public readonly Waiter? First => _last?.Next;

    /// <summary>Who comes after another of the line; null after the last.</summary>
    public readonly Waiter? After(Waiter waiter) => waiter == _last ? null : waiter.Next;

    /// <summary>A waiter stands in at most one line, once.</summary>
    public void Enqueue(Waiter waiter)
    {
        waiter.Next = First ?? waiter;
        if (_last is not null) _last.Next = waiter;
        _last = waiter;
        Count++;
    }

    /// <summary>Takes the first out; there has to be one.</summary>
    public Waiter Dequeue()
    {
        var first = First!;
        if (first == _last) _last = null;
        else _last!.Next = first.Next;
        first.Next = null;
        Count--;
        return first;
    }
}
