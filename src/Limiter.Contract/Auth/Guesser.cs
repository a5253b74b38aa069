namespace Limiter.Http.Auth;

/// <summary>What one address has shown of keys lately. Thread-safe.</summary>
/// <param name="wrongMax">Most wrong keys a minute.</param>
/// <param name="clock">Any clock.</param>
internal sealed class Guesser(int wrongMax, TimeProvider clock)
{
    /// <summary>Wrong keys a minute after which an address is refused.</summary>
    public const int WrongMax = 20;

    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    private readonly Lock _gate = new();
    private readonly RightKeys _right = new(clock);
    private long _minuteStart = clock.GetTimestamp();
    private int _wrong;

    /// <summary>Whether forgetting it changes nothing.</summary>
    public bool IsForgettable
    {
        get
        {
            lock (_gate) return clock.GetElapsedTime(_minuteStart) >= Minute && !_right.HoldsAny;
        }
    }

    /// <summary>Whole seconds until the key may be tried, at least 1; null: now.</summary>
    public long? WaitFor(ReadOnlySpan<char> key)
    {
        // Nearly every request comes from where nobody guesses, and waits for nobody here.
        if (Volatile.Read(ref _wrong) < wrongMax) return null;
        lock (_gate)
        {
            var left = Minute - clock.GetElapsedTime(_minuteStart);
            if (_wrong < wrongMax || left <= TimeSpan.Zero || _right.Holds(key)) return null;
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

    /// <summary>It showed a key that is one.</summary>
    /// <param name="key">The key.</param>
    /// <param name="holder">Whose it is; the operator's keys are forgotten for no other.</param>
    public void Right(ReadOnlySpan<char> key, KeyHolder holder) => _right.Add(key, holder);
}
