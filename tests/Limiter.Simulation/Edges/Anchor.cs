using Limiter.Domain;

namespace Limiter.Simulation.Edges;

/// <summary>
/// What the world knows of an edge's last exchanges with a bucket: enough to reckon, apart from the engine, which time
/// of the bucket an admission has.
/// </summary>
/// <param name="Shown">The bucket's time in the last reply.</param>
/// <param name="DecidedAt">The true time at which the bucket showed it, in ticks.</param>
/// <param name="SentMonotonic">The edge's monotonic clock when it sent the request, in ticks.</param>
/// <param name="SentWall">Its wall clock then.</param>
/// <param name="LeaseEnds">The bucket's time at which the last granted lease ends.</param>
/// <param name="IsExact">The reply's tokens were spent without a lease.</param>
internal readonly record struct Anchor(
    Instant Shown, long DecidedAt, long SentMonotonic, Instant SentWall, Instant LeaseEnds, bool IsExact)
{
    /// <summary>The latest time that the bucket can show, with what the edge's clocks may run off.</summary>
    public Instant Latest(TimeProvider clock, long driftPpm)
    {
        var monotonic = Ceiling.Divide(clock.GetTimestamp() - SentMonotonic, TimeSpan.TicksPerMillisecond);
        var elapsed = Math.Max(0, Math.Max(monotonic, Instant.From(clock.GetUtcNow()) - SentWall));
        return Shown + elapsed + Ceiling.Divide(elapsed * driftPpm, 1_000_000);
    }
}
