namespace Limiter.Engine.Alerts;

/// <summary>What became of alerts in this process, for its meter. Thread-safe.</summary>
public sealed class AlertCounts
{
    private long _raised;
    private long _delivered;
    private long _failed;
    private long _dead;
    private long _dropped;

    /// <summary>Added to the outbox by this process, and by no other before.</summary>
    public long Raised => Interlocked.Read(ref _raised);

    public long Delivered => Interlocked.Read(ref _delivered);

    /// <summary>Attempts that failed.</summary>
    public long Failed => Interlocked.Read(ref _failed);

    /// <summary>Given up.</summary>
    public long Dead => Interlocked.Read(ref _dead);

    /// <summary>Crossings that were not told, for there were too many: see <see cref="AlertWatch"/>.</summary>
    public long Dropped => Interlocked.Read(ref _dropped);

    internal void Raise() => Interlocked.Increment(ref _raised);

    internal void Deliver() => Interlocked.Increment(ref _delivered);

    internal void Fail() => Interlocked.Increment(ref _failed);

    internal void Die() => Interlocked.Increment(ref _dead);

    internal void Drop() => Interlocked.Increment(ref _dropped);
}
