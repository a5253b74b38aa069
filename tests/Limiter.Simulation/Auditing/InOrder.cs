using Limiter.Domain;

namespace Limiter.Simulation.Auditing;

/// <summary>
/// Hands out what it is told in the order of times, then of telling, once nothing earlier is told any more: a shelf for
/// each millisecond of the time in which things may be told late. One that is told later still is the next.
/// </summary>
/// <param name="lateMs">By how much a time may be before the latest; at least 0.</param>
/// <param name="take">Handed everything once.</param>
internal sealed class InOrder<T>(long lateMs, Action<T> take)
{
    private readonly List<T>[] _shelves = NewShelves(lateMs + 1);
    private Instant _latest = Instant.MinValue;
    private Instant _taken = Instant.MinValue;
    private int _count;

    public void Add(Instant at, in T item)
    {
        if (at > _latest)
        {
            _latest = at;
            TakeUntil(at + -(lateMs + 1));
        }
        ShelfOf(Instant.Max(at, _taken + 1)).Add(item);
        _count++;
        TakeUntil(_latest + -lateMs);
    }

    /// <summary>Hands out all that is left.</summary>
    public void TakeAll()
    {
        if (_count > 0) TakeUntil(Instant.Max(_latest, _taken) + 1);
    }

    private void TakeUntil(Instant until)
    {
        while (_count > 0 && _taken < until)
        {
            _taken += 1;
            var shelf = ShelfOf(_taken);
            foreach (var item in shelf) take(item);
            _count -= shelf.Count;
            shelf.Clear();
        }
        _taken = Instant.Max(_taken, until);
    }

    private List<T> ShelfOf(Instant at) => _shelves[at.UnixMilliseconds % _shelves.Length];

    private static List<T>[] NewShelves(long count)
    {
        var shelves = new List<T>[count];
        for (var i = 0; i < count; i++) shelves[i] = [];
        return shelves;
    }
}
