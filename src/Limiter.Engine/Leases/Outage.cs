namespace Limiter.Engine.Leases;

/// <summary>
/// Whether the buckets are known to be out of reach. While they are, checks are answered at once, but for one in each
/// probe interval that is let through. Thread-safe.
/// </summary>
internal sealed class Outage(TimeProvider clock, TimeSpan probeInterval)
{
    private readonly Lock _changing = new();

    // Timestamp of the next probe; 0 while all is well.
    private long _probeAt;
    private long _since;
    private TimeSpan _past;

    /// <summary>All the time for which they were known to be out of reach, until now.</summary>
    public TimeSpan Duration
    {
        get
        {
            lock (_changing) return IsKnown ? _past + clock.GetElapsedTime(_since) : _past;
        }
    }

    public bool IsKnown => Volatile.Read(ref _probeAt) != 0;

    /// <summary>True when a request should not be sent now.</summary>
    public bool IsBarred()
    {
        var probeAt = Volatile.Read(ref _probeAt);
        if (probeAt == 0) return false;
        var now = clock.GetTimestamp();
        return now < probeAt || Interlocked.CompareExchange(ref _probeAt, After(now), probeAt) != probeAt;
    }

    public void Failed()
    {
        lock (_changing)
        {
            var now = clock.GetTimestamp();
            if (!IsKnown) _since = now;
            Volatile.Write(ref _probeAt, After(now));
        }
    }

    public void Succeeded()
    {
        if (!IsKnown) return;
        lock (_changing)
        {
            if (!IsKnown) return;
            _past += clock.GetElapsedTime(_since);
            Volatile.Write(ref _probeAt, 0);
        }
    }

    private long After(long now) => Math.Max(1, now + (long)(probeInterval.TotalSeconds * clock.TimestampFrequency));
}
