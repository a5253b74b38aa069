namespace Limiter.Functions.Host;

/// <summary>Every wait on it ends at once, so no test waits for an answer's steps. It tells the true time.</summary>
public sealed class HastyClock : TimeProvider
{
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        System.CreateTimer(callback, state, dueTime > TimeSpan.Zero ? TimeSpan.FromTicks(1) : dueTime, period);
}
