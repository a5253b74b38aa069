using Limiter.Domain;

namespace Limiter.Engine.Leases;

/// <summary>
/// One reading of both of a process's clocks. A monotonic clock can stop while a machine sleeps, a wall clock can step:
/// what has elapsed is the greater of the two, and a wall clock that stepped back is ignored.
/// </summary>
internal readonly record struct EdgeTime(long Timestamp, Instant Wall)
{
    public static EdgeTime Read(TimeProvider clock) => new(clock.GetTimestamp(), Instant.From(clock.GetUtcNow()));

    /// <summary>Milliseconds since an earlier reading, at least 0, rounded up.</summary>
    public long MillisecondsSince(in EdgeTime earlier, long ticksPerMillisecond)
    {
        var monotonic = Ceiling.Divide(Timestamp - earlier.Timestamp, ticksPerMillisecond);
        return Math.Max(0, Math.Max(monotonic, Wall - earlier.Wall));
    }
}
