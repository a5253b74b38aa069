namespace Limiter.Engine.Clocks;

/// <summary>
/// A timer of a <see cref="ManualClock"/>, ordered by its due time. Its place and period are guarded by the clock.
/// </summary>
internal sealed class ManualTimer : ITimer, IComparable<ManualTimer>
{
    private static readonly TimeSpan DueTimeMax = TimeSpan.FromMilliseconds(uint.MaxValue - 1);

    private readonly ManualClock _clock;
    private readonly TimerCallback _callback;
    private readonly object? _state;
    private readonly ExecutionContext? _context = ExecutionContext.Capture();
    private readonly Lock _gate = new();
    private TaskCompletionSource? _ended;
    private int _running;
    private bool _disposed;

    public ManualTimer(ManualClock clock, TimerCallback callback, object? state)
    {
        _clock = clock;
        _callback = callback;
        _state = state;
    }

    /// <summary>UTC ticks at which it runs next.</summary>
    public long Due { get; private set; }

    /// <summary>Null for a timer that runs once.</summary>
    public TimeSpan? Period { get; set; }

    private long Sequence { get; set; }

    public void Place(long due, long sequence)
    {
        Due = due;
        Sequence = sequence;
    }

    public bool Change(TimeSpan dueTime, TimeSpan period)
    {
        Check(dueTime, nameof(dueTime));
        Check(period, nameof(period));
        lock (_gate)
        {
            if (_disposed) return false;
            _clock.Schedule(
                this,
                dueTime == Timeout.InfiniteTimeSpan ? null : dueTime,
                period <= TimeSpan.Zero ? null : period);
            return true;
        }
    }

    public void Run()
    {
        lock (_gate)
        {
            if (_disposed) return;
            _running++;
        }
        try
        {
            if (_context is null) _callback(_state);
            else ExecutionContext.Run(_context, static timer => ((ManualTimer)timer!).Call(), this);
        }
        finally
        {
            lock (_gate)
                if (--_running == 0) _ended?.TrySetResult();
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _disposed = true;
            _clock.Schedule(this, null, null);
        }
    }

    /// <summary>Completes when a callback that is running has ended.</summary>
    public ValueTask DisposeAsync()
    {
        lock (_gate)
        {
            Dispose();
            if (_running == 0) return ValueTask.CompletedTask;
            _ended ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return new ValueTask(_ended.Task);
        }
    }

    public int CompareTo(ManualTimer? other)
    {
        if (other is null) return 1;
        return Due != other.Due ? Due.CompareTo(other.Due) : Sequence.CompareTo(other.Sequence);
    }

    private static void Check(TimeSpan time, string name)
    {
        if (time < TimeSpan.Zero && time != Timeout.InfiniteTimeSpan || time > DueTimeMax)
            throw new ArgumentOutOfRangeException(name, time, "A timer's time is 0 to 49.7 days, or infinite.");
    }

    private void Call() => _callback(_state);
}
