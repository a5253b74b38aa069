namespace Limiter.Client.Tests.Kit;

/// <summary>
/// Another clock whose wall time is off by what it is told; its timestamps and timers are the other's.
/// </summary>
internal sealed class SteppingClock(TimeProvider other) : TimeProvider
{
    public TimeSpan Off { get; set; }

    public override long TimestampFrequency => other.TimestampFrequency;

    public override DateTimeOffset GetUtcNow() => other.GetUtcNow() + Off;

    public override long GetTimestamp() => other.GetTimestamp();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        other.CreateTimer(callback, state, dueTime, period);
}
