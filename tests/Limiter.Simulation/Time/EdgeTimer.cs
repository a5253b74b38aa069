namespace Limiter.Simulation.Time;

/// <summary>A timer of one machine, run by the world's pump.</summary>
internal sealed class EdgeTimer(EdgeClock clock, Pump pump, Process process, TimerCallback callback, object? state)
    : ITimer
{
    private TimeSpan _period;
    private Action? _run;

    // A change or the end makes what was scheduled before void.
    private int _setting;

    public bool Change(TimeSpan dueTime, TimeSpan period)
    {
        _setting++;
        _period = period;
        if (dueTime == Timeout.InfiniteTimeSpan) return true;
        var setting = _setting;
        _run = () => Run(setting);
        Schedule(dueTime);
        return true;
    }

    public void Dispose() => _setting++;

    public ValueTask DisposeAsync()
    {
        Dispose();
        return ValueTask.CompletedTask;
    }

    private void Schedule(TimeSpan dueTime) => pump.In(clock.Lasting(dueTime.Ticks), process, _run!);

    private void Run(int setting)
    {
        if (setting != _setting) return;
        if (_period > TimeSpan.Zero) Schedule(_period);
        callback(state);
    }
}
