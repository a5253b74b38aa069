namespace Limiter.Engine.Clocks;

/// <summary>
/// A clock that moves only when it is told to. Its wall clock, its timestamps and its timers agree: each timer that
/// becomes due runs at its own due time, in the order of those times (then in the order in which they were set),
/// before the clock moves on. Thread-safe; always UTC.
/// </summary>
public sealed class ManualClock : TimeProvider
{
    private readonly Lock _gate = new();
    private readonly SortedSet<ManualTimer> _scheduled = [];
    private readonly Lock _advancing = new();
    private long _ticks;
    private long _sequence = 1;

    /// <param name="start">What the clock shows first; its offset is not kept.</param>
    public ManualClock(DateTimeOffset start) => _ticks = start.UtcTicks;

    /// <summary>10,000,000 a second: a timestamp is the count of UTC ticks.</summary>
    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    internal long Ticks => Volatile.Read(ref _ticks);

    public override DateTimeOffset GetUtcNow() => new(Ticks, TimeSpan.Zero);

    public override long GetTimestamp() => Ticks;

    /// <summary>Moves the clock and runs on this thread what becomes due.</summary>
    /// <param name="by">At least zero; with zero, timers that are due already run.</param>
    /// <inheritdoc cref="AdvanceTo"/>
    public void Advance(TimeSpan by)
    {
        // What others move it by meanwhile is added, not taken back.
        using var advancing = Advancing();
        if (by > DateTimeOffset.MaxValue - GetUtcNow())
            throw new ArgumentOutOfRangeException(nameof(by), by, "The clock ends with the year 9999.");
        MoveTo(Ticks + by.Ticks);
    }

    /// <summary>
    /// Moves the clock and runs on this thread what becomes due. A timer's exception leaves through here, with the
    /// clock at that timer's due time.
    /// </summary>
    /// <param name="target">What the clock shows at the end.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="target"/> is before the clock's time.</exception>
    /// <exception cref="InvalidOperationException">A timer's callback tried to move the clock that runs it.</exception>
    public void AdvanceTo(DateTimeOffset target)
    {
        using var advancing = Advancing();
        MoveTo(target.UtcTicks);
    }

    /// <inheritdoc/>
    /// <remarks>A timer that is due at once runs on the thread pool, or in the advance that is under way.</remarks>
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        ArgumentNullException.ThrowIfNull(callback);
        var timer = new ManualTimer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>Sets a timer's next due time and its period; null: none.</summary>
    internal void Schedule(ManualTimer timer, TimeSpan? dueTime, TimeSpan? period)
    {
        lock (_gate)
        {
            _scheduled.Remove(timer);
            timer.Period = period;
            if (dueTime is not { } due) return;
            timer.Place(Ticks + due.Ticks, _sequence++);
            _scheduled.Add(timer);
            if (due > TimeSpan.Zero) return;
        }
        ThreadPool.UnsafeQueueUserWorkItem(static clock => clock.RunDueNow(), this, preferLocal: false);
    }

    private Lock.Scope Advancing() => !_advancing.IsHeldByCurrentThread
        ? _advancing.EnterScope()
        : throw new InvalidOperationException("A timer's callback cannot move the clock that runs it.");

    private void MoveTo(long target)
    {
        if (target < Ticks)
            throw new ArgumentOutOfRangeException(
                nameof(target), target, $"The clock shows {GetUtcNow():O} and never moves backwards.");
        while (TakeDue(target) is { } timer) timer.Run();
        Volatile.Write(ref _ticks, target);
    }

    private void RunDueNow()
    {
        lock (_advancing)
            while (TakeDue(Ticks) is { } timer) timer.Run();
    }

    /// <summary>Takes the first timer that is due by <paramref name="target"/> and shows its due time.</summary>
    private ManualTimer? TakeDue(long target)
    {
        lock (_gate)
        {
            if (_scheduled.Min is not { } timer || timer.Due > target) return null;
            _scheduled.Remove(timer);
            Volatile.Write(ref _ticks, timer.Due);
            if (timer.Period is { } period)
            {
                timer.Place(timer.Due + period.Ticks, _sequence++);
                _scheduled.Add(timer);
            }
            return timer;
        }
    }
}
