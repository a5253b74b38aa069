using Limiter.Engine.Clocks;

namespace Limiter.Engine.Tests.Clocks;

public sealed class ManualClockTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly ManualClock _clock = new(Start);

    [Fact]
    public void It_shows_its_start_until_it_is_moved()
    {
        _clock.GetUtcNow().ShouldBe(Start);
        _clock.Advance(TimeSpan.FromSeconds(30));
        _clock.GetUtcNow().ShouldBe(Start.AddSeconds(30));
    }

    [Fact]
    public void Timestamps_agree_with_the_wall_clock()
    {
        var before = _clock.GetTimestamp();
        _clock.Advance(TimeSpan.FromMilliseconds(1234.5));
        _clock.GetElapsedTime(before).ShouldBe(TimeSpan.FromMilliseconds(1234.5));
    }

    [Fact]
    public void It_never_moves_backwards()
    {
        Should.Throw<ArgumentOutOfRangeException>(() => _clock.AdvanceTo(Start.AddTicks(-1)));
        Should.Throw<ArgumentOutOfRangeException>(() => _clock.Advance(TimeSpan.MaxValue));
        Should.Throw<ArgumentOutOfRangeException>(() => _clock.Advance(TimeSpan.FromTicks(-1)));
        _clock.GetUtcNow().ShouldBe(Start);
    }

    [Fact]
    public void Advances_of_several_threads_add_up()
    {
        Parallel.For(0, 1_000, _ => _clock.Advance(TimeSpan.FromSeconds(1)));
        _clock.GetUtcNow().ShouldBe(Start.AddSeconds(1_000));
    }

    [Fact]
    public void Timers_run_in_order_each_at_its_own_time_before_the_advance_returns()
    {
        var seen = new List<(string Name, double At)>();
        using var second = Timer("second", 20, Timeout.Infinite, seen);
        using var first = Timer("first", 10, Timeout.Infinite, seen);
        using var alsoSecond = Timer("also second", 20, Timeout.Infinite, seen);
        using var later = Timer("later", 101, Timeout.Infinite, seen);

        _clock.Advance(TimeSpan.FromMilliseconds(100));

        seen.ShouldBe([("first", 10), ("second", 20), ("also second", 20)]);
        _clock.GetUtcNow().ShouldBe(Start.AddMilliseconds(100));
    }

    [Fact]
    public void A_periodic_timer_runs_once_a_period()
    {
        var seen = new List<(string Name, double At)>();
        using var timer = Timer("tick", 10, 25, seen);
        _clock.Advance(TimeSpan.FromMilliseconds(60));
        seen.ShouldBe([("tick", 10), ("tick", 35), ("tick", 60)]);
    }

    [Fact]
    public void A_timer_set_by_a_timer_runs_in_the_same_advance()
    {
        var seen = new List<double>();
        ITimer? inner = null;
        using var outer = _clock.CreateTimer(
            _ => inner = _clock.CreateTimer(
                _ => seen.Add(Elapsed()), null, TimeSpan.FromMilliseconds(5), Timeout.InfiniteTimeSpan),
            null,
            TimeSpan.FromMilliseconds(10),
            Timeout.InfiniteTimeSpan);
        _clock.Advance(TimeSpan.FromMilliseconds(15));
        seen.ShouldBe([15]);
        inner!.Dispose();
    }

    [Fact]
    public void A_disposed_or_changed_timer_does_not_run_at_its_old_time()
    {
        var seen = new List<(string Name, double At)>();
        Timer("disposed", 10, 10, seen).Dispose();
        using var changed = Timer("changed", 10, Timeout.Infinite, seen);
        changed.Change(TimeSpan.FromMilliseconds(30), Timeout.InfiniteTimeSpan).ShouldBeTrue();
        _clock.Advance(TimeSpan.FromMilliseconds(50));
        seen.ShouldBe([("changed", 30)]);
    }

    [Fact]
    public async Task A_timer_that_is_due_at_once_runs_without_an_advance()
    {
        var ran = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var timer = _clock.CreateTimer(_ => ran.SetResult(), null, TimeSpan.Zero, Timeout.InfiniteTimeSpan);
        await ran.Task.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
    }

    [Fact]
    public void A_callback_cannot_move_the_clock_that_runs_it()
    {
        using var timer = _clock.CreateTimer(
            _ => _clock.Advance(TimeSpan.FromHours(1)), null, TimeSpan.FromMilliseconds(10), Timeout.InfiniteTimeSpan);
        Should.Throw<InvalidOperationException>(() => _clock.Advance(TimeSpan.FromMilliseconds(20)));
        _clock.GetUtcNow().ShouldBe(Start.AddMilliseconds(10));
    }

    [Fact]
    public async Task Delays_and_timeouts_of_tasks_follow_it()
    {
        var delay = Task.Delay(TimeSpan.FromSeconds(5), _clock, TestContext.Current.CancellationToken);
        using var source = new CancellationTokenSource(TimeSpan.FromSeconds(6), _clock);
        _clock.Advance(TimeSpan.FromSeconds(5));
        await delay;
        source.IsCancellationRequested.ShouldBeFalse();
        _clock.Advance(TimeSpan.FromSeconds(1));
        source.IsCancellationRequested.ShouldBeTrue();
    }

    [Fact]
    public async Task Disposing_waits_for_the_callback_that_runs()
    {
        using var entered = new ManualResetEventSlim();
        using var release = new ManualResetEventSlim();
        var cancellation = TestContext.Current.CancellationToken;
        var timer = _clock.CreateTimer(
            _ =>
            {
                entered.Set();
                release.Wait(cancellation);
            },
            null,
            TimeSpan.FromMilliseconds(10),
            Timeout.InfiniteTimeSpan);
        var advance = Task.Run(() => _clock.Advance(TimeSpan.FromMilliseconds(10)), cancellation);
        entered.Wait(cancellation);
        var disposal = timer.DisposeAsync();
        disposal.IsCompleted.ShouldBeFalse();
        release.Set();
        await disposal;
        await advance;
    }

    private double Elapsed() => (_clock.GetUtcNow() - Start).TotalMilliseconds;

    private ITimer Timer(string name, int dueMs, int periodMs, List<(string Name, double At)> seen) =>
        _clock.CreateTimer(
            _ => seen.Add((name, Elapsed())),
            null,
            TimeSpan.FromMilliseconds(dueMs),
            TimeSpan.FromMilliseconds(periodMs));
}
