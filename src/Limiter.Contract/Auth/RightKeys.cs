namespace Limiter.Http.Auth;

/// <summary>
/// The keys that one address has shown rightly in the last ten minutes. Remembered by a hash that another process
/// cannot foretell: a guess that shares it is compared, and no more. Thread-safe.
/// </summary>
/// <param name="clock">Any clock.</param>
internal sealed class RightKeys(TimeProvider clock)
{
    /// <summary>Keys that are remembered beside the operator's two; of more, those shown last.</summary>
    public const int OthersMax = 64;

    private const int GatewayPlace = 0, AdminPlace = 1, OthersFrom = 2;
    private const int PlacesAtFirst = 4;
    private const uint KeptSeconds = 600;

    // A key in use is written down again only so often: all who share an address would wait for each other otherwise.
    private const uint RefreshSeconds = 60;

    private readonly Lock _adding = new();
    private readonly long _madeAt = clock.GetTimestamp();

    // Each is a hash and the second of its last showing in one word, so that nobody who reads sees half of one; 0 is an
    // empty place. Most addresses show one key or two.
    private long[] _places = [];

    /// <summary>Whether there is any to be remembered.</summary>
    public bool HoldsAny
    {
        get
        {
            var now = Now();
            foreach (ref var place in Volatile.Read(ref _places).AsSpan())
                if (IsYounger(Volatile.Read(ref place), KeptSeconds, now)) return true;
            return false;
        }
    }

    /// <summary>Whether the key was shown in the last ten minutes.</summary>
    public bool Holds(ReadOnlySpan<char> key) => Find(Volatile.Read(ref _places), HashOf(key), KeptSeconds, Now());

    /// <summary>
    /// Remembers a key; when there are too many, in the place of the one that was not shown for longest.
    /// </summary>
    public void Add(ReadOnlySpan<char> key, KeyHolder holder)
    {
        var (hash, now) = (HashOf(key), Now());
        if (Find(Volatile.Read(ref _places), hash, RefreshSeconds, now)) return;
        lock (_adding)
        {
            var place = PlaceOf_NeedsLock(hash, holder);
            Volatile.Write(ref _places[place], ((long)hash << 32) | now);
        }
    }

    private int PlaceOf_NeedsLock(int hash, KeyHolder holder)
    {
        if (_places.Length == 0) Volatile.Write(ref _places, new long[PlacesAtFirst]);
        if (holder == KeyHolder.Gateway) return GatewayPlace;
        if (holder == KeyHolder.Admin) return AdminPlace;
        var oldest = OthersFrom;
        for (var i = OthersFrom; i < _places.Length; i++)
        {
            if (_places[i] != 0 && HashIn(_places[i]) == hash) return i;
            if (SecondIn(_places[i]) < SecondIn(_places[oldest])) oldest = i;
        }
        if (_places[oldest] == 0 || _places.Length == OthersFrom + OthersMax) return oldest;
        var more = new long[Math.Min(_places.Length * 2, OthersFrom + OthersMax)];
        _places.CopyTo(more, 0);
        var free = _places.Length;
        Volatile.Write(ref _places, more);
        return free;
    }

    private static bool Find(long[] places, int hash, uint seconds, uint now)
    {
        for (var i = 0; i < places.Length; i++)
        {
            var place = Volatile.Read(ref places[i]);
            if (HashIn(place) == hash && IsYounger(place, seconds, now)) return true;
        }
        return false;
    }

    // One that another thread has just written may be of a later second than this one's.
    private static bool IsYounger(long place, uint seconds, uint now) =>
        place != 0 && (SecondIn(place) >= now || now - SecondIn(place) < seconds);

    private static int HashIn(long place) => unchecked((int)(place >> 32));

    private static uint SecondIn(long place) => unchecked((uint)place);

    private static int HashOf(ReadOnlySpan<char> key) => string.GetHashCode(key);

    // From 1, so that no place that is taken is 0.
    private uint Now() => (uint)clock.GetElapsedTime(_madeAt).TotalSeconds + 1;
}
