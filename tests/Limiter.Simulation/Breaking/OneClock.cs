namespace Limiter.Simulation.Breaking;

/// <summary>Shows one of a machine's two clocks as both.</summary>
/// <param name="real">Both.</param>
/// <param name="isWall">Whether the wall clock is the one.</param>
internal sealed class OneClock(TimeProvider real, bool isWall) : TimeProvider
{
    private readonly DateTimeOffset _start = real.GetUtcNow();
    private readonly long _startTimestamp = real.GetTimestamp();

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    public override long GetTimestamp() => isWall ? real.GetUtcNow().UtcTicks : real.GetTimestamp();

    public override DateTimeOffset GetUtcNow() =>
        isWall ? real.GetUtcNow() : _start.AddTicks(real.GetTimestamp() - _startTimestamp);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        real.CreateTimer(callback, state, dueTime, period);
}
