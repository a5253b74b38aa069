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
/// <param name="Granted">The last reply that granted a lease; as many milliseconds later as hosts disagreed.</param>
internal readonly record struct Anchor(
    Instant Shown, long DecidedAt, Sending Sent, Instant LeaseEnds, bool IsExact, (Instant Shown, Sending Sent) Granted)
{
    /// <summary>The next reply.</summary>
    public Anchor Then(Instant shown, long durationMs, bool isExact, long decidedAt, Sending sent)
    {
        if (durationMs > 0)
            return new Anchor(shown, decidedAt, sent, shown + durationMs, isExact, (shown, sent));
        var between = (sent.Monotonic - Granted.Sent.Monotonic) / TimeSpan.TicksPerMillisecond;
        var granted = (Instant.Max(Granted.Shown, shown + -between), Granted.Sent);
        return new Anchor(shown, decidedAt, sent, LeaseEnds, isExact, granted);
    }

    /// <summary>
    /// The latest time that the bucket can show, with what the edge's clocks may run off: as the last reply tells, or
    /// the last that granted, whichever tells more.
    /// </summary>
    public Instant Latest(TimeProvider clock, long driftPpm) => Instant.Min(
        Shown + Sent.Elapsed(clock, driftPpm), Granted.Shown + Granted.Sent.Elapsed(clock, driftPpm));
}

/// <summary>An edge's clocks when it sent a request.</summary>
/// <param name="Monotonic">In ticks.</param>
/// <param name="Wall">The wall clock.</param>
internal readonly record struct Sending(long Monotonic, Instant Wall)
{
    public static Sending Now(TimeProvider clock) => new(clock.GetTimestamp(), Instant.From(clock.GetUtcNow()));

    /// <summary>Milliseconds since, at the most.</summary>
    public long Elapsed(TimeProvider clock, long driftPpm)
    {
        var now = Now(clock);
        var monotonic = Ceiling.Divide(now.Monotonic - Monotonic, TimeSpan.TicksPerMillisecond);
        var elapsed = Math.Max(0, Math.Max(monotonic, now.Wall - Wall));
        return elapsed + Ceiling.Divide(elapsed * driftPpm, 1_000_000);
    }
}
