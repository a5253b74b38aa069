namespace Limiter.Http.Auth;

/// <summary>What one address has shown of keys lately. Thread-safe.</summary>
/// <param name="wrongMax">Most wrong keys a minute.</param>
/// <param name="clock">Any clock.</param>
internal sealed class Guesser(int wrongMax, TimeProvider clock)
{
    /// <summary>Wrong keys a minute after which an address is refused.</summary>
    public const int WrongMax = 20;

    /// <summary>Keys that are remembered as right; of more, the last.</summary>
    private const int RightMax = 4;

    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan RightFor = TimeSpan.FromMinutes(10);

    private readonly Lock _gate = new();
    private (int Hash, long At)[]? _right;
    private int _next;
    private long _minuteStart = clock.GetTimestamp();
    private int _wrong;

    /// <summary>Whether forgetting it changes nothing.</summary>
    public bool IsForgettable
    {
        get
        {
            lock (_gate)
                return clock.GetElapsedTime(_minuteStart) >= Minute
                    && (_right is null || !Array.Exists(_right, IsRecent));
        }
    }

    /// <summary>Whole seconds until the key may be tried, at least 1; null: now.</summary>
    public long? WaitFor(ReadOnlySpan<char> key)
    {
        lock (_gate)
        {
            var left = Minute - clock.GetElapsedTime(_minuteStart);
            if (_wrong < wrongMax || left <= TimeSpan.Zero || IsRight_NeedsLock(string.GetHashCode(key))) return null;
            return (left.Ticks + TimeSpan.TicksPerSecond - 1) / TimeSpan.TicksPerSecond;
        }
    }

    /// <summary>It showed a key that nobody has.</summary>
    public void Wrong()
    {
        lock (_gate)
        {
            if (_wrong == 0 || clock.GetElapsedTime(_minuteStart) >= Minute)
                (_minuteStart, _wrong) = (clock.GetTimestamp(), 0);
            _wrong++;
        }
    }

    /// <summary>
    /// It showed a key that is one. Remembered by a hash that another process cannot foretell: a guess that shares it
    /// is compared, and no more.
    /// </summary>
    public void Right(ReadOnlySpan<char> key)
    {
        var hash = string.GetHashCode(key);
        lock (_gate)
        {
            _right ??= new (int, long)[RightMax];
            var place = Array.FindIndex(_right, one => one.Hash == hash);
            if (place < 0) place = _next++ % RightMax;
            _right[place] = (hash, clock.GetTimestamp());
        }
    }

    private bool IsRight_NeedsLock(int hash)
    {
        foreach (var one in _right ?? [])
            if (one.Hash == hash && IsRecent(one)) return true;
        return false;
    }

    // An empty place has a time of 0, and no key has been shown then.
    private bool IsRecent((int Hash, long At) one) => one.At != 0 && clock.GetElapsedTime(one.At) < RightFor;
}
