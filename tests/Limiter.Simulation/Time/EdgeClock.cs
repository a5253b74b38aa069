namespace Limiter.Simulation.Time;

/// <summary>
/// Both clocks of one machine. The monotonic one drifts and stops while the machine sleeps; the wall clock is wrong by
/// some minutes and steps.
/// </summary>
/// <param name="pump">True time.</param>
/// <param name="process">Whose timers these are.</param>
/// <param name="driftPpm">How fast the monotonic clock runs off, in millionths.</param>
/// <param name="wallError">Ticks that the wall clock is ahead.</param>
internal sealed class EdgeClock(Pump pump, Process process, long driftPpm, long wallError) : TimeProvider
{
    private long _since = pump.Now;
    private long _monotonic = 1_000 * Pump.Second;
    private bool _asleep;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    public override long GetTimestamp()
    {
        if (_asleep) return _monotonic;
        var elapsed = pump.Now - _since;
        return _monotonic + elapsed + (elapsed * driftPpm / 1_000_000);
    }

    public override DateTimeOffset GetUtcNow() => new(pump.Now + wallError, TimeSpan.Zero);

    /// <summary>The wall clock is set.</summary>
    public void Step(long ticks) => wallError += ticks;

    /// <summary>The machine sleeps: its monotonic clock stands, its wall clock goes on.</summary>
    public void FallAsleep() => (_monotonic, _asleep) = (GetTimestamp(), true);

    public void WakeUp() => (_since, _asleep) = (pump.Now, false);

    /// <summary>Ticks of true time in which this clock counts so many; rounded up, as a timer does.</summary>
    public long Lasting(long ticks) => (ticks * 1_000_000 / (1_000_000 + driftPpm)) + 1;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new EdgeTimer(this, pump, process, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }
}
