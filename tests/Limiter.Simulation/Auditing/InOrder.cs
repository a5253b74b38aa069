using System.Numerics;
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
    private const int BitsPerWord = 64;

    private readonly List<T>[] _shelves = NewShelves(lateMs + 1);

    // A bit for each shelf that holds something: mostly few of hundreds do.
    private readonly ulong[] _filled = new ulong[((lateMs + 1) / BitsPerWord) + 1];
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
        var shelf = ShelfOf(Instant.Max(at, _taken + 1));
        _shelves[shelf].Add(item);
        _filled[shelf / BitsPerWord] |= 1UL << (shelf % BitsPerWord);
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
            var from = ShelfOf(_taken + 1);
            var next = NextFilled(from);
            var at = _taken + (1 + (next >= from ? next - from : next - from + _shelves.Length));
            if (at > until) break;
            _taken = at;
            var shelf = _shelves[next];
            foreach (var item in shelf) take(item);
            _count -= shelf.Count;
            shelf.Clear();
            _filled[next / BitsPerWord] &= ~(1UL << (next % BitsPerWord));
        }
        _taken = Instant.Max(_taken, until);
    }

    private int ShelfOf(Instant at) => (int)(at.UnixMilliseconds % _shelves.Length);

    // At or after a shelf, round the end; there has to be one.
    private int NextFilled(int shelf)
    {
        var word = shelf / BitsPerWord;
        var bits = _filled[word] & (ulong.MaxValue << (shelf % BitsPerWord));
        while (bits == 0)
        {
            word = (word + 1) % _filled.Length;
            bits = _filled[word];
        }
        return (word * BitsPerWord) + BitOperations.TrailingZeroCount(bits);
    }

    private static List<T>[] NewShelves(long count)
    {
        var shelves = new List<T>[count];
        for (var i = 0; i < count; i++) shelves[i] = [];
        return shelves;
    }
}
