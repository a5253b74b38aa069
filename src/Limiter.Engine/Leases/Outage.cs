namespace Limiter.Engine.Leases;

/// <summary>
/// Whether the buckets are known to be out of reach. While they are, checks are answered at once, but for one in each
/// probe interval that is let through. Thread-safe.
/// </summary>
internal sealed class Outage(TimeProvider clock, TimeSpan probeInterval)
{
    // Timestamp of the next probe; 0 while all is well.
    private long _probeAt;

    public bool IsKnown => Volatile.Read(ref _probeAt) != 0;

    /// <summary>True when a request should not be sent now.</summary>
    public bool IsBarred()
    {
        var probeAt = Volatile.Read(ref _probeAt);
        if (probeAt == 0) return false;
        var now = clock.GetTimestamp();
        return now < probeAt || Interlocked.CompareExchange(ref _probeAt, After(now), probeAt) != probeAt;
    }

    public void Failed() => Volatile.Write(ref _probeAt, After(clock.GetTimestamp()));

    public void Succeeded()
    {
        if (IsKnown) Volatile.Write(ref _probeAt, 0);
    }

    private long After(long now) => Math.Max(1, now + (long)(probeInterval.TotalSeconds * clock.TimestampFrequency));
}
