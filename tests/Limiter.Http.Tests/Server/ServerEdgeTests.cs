using System.Reflection;
using Limiter.Domain;
using Limiter.Engine.Clocks;
using Limiter.Engine.InMemory;
using Limiter.Engine.Ports;
using Limiter.Server.Options;
using Limiter.Server.Startup;
using Microsoft.Extensions.Logging.Abstractions;

namespace Limiter.Http.Tests.Server;

public sealed class ServerEdgeTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_start_that_fails_leaves_no_timer_behind(bool hasAlerts)
    {
        var clock = new CountingClock();
        var buckets = new InMemoryBuckets(clock);
        await using var store = new Store(
            buckets, buckets, buckets, new InMemoryDirectory(), new InMemoryUsage(clock),
            hasAlerts ? new InMemoryAlerts() : DispatchProxy.Create<IAlertStore, OutOfReach>(),
            new NoJournal(), null, static () => null, null);
        await Should.ThrowAsync<StoreUnavailableException>(() => ServerEdge.OpenAsync(
            new ServerOptions(), Policies.Shipped("waqti"), store, clock, NullLogger.Instance, NullLogger.Instance,
            default));
        clock.Started.ShouldBeGreaterThan(0);
        clock.Running.ShouldBe(0);
    }

    /// <summary>Any store, none of whose members can be reached.</summary>
#pragma warning disable CA1852 // A proxy derives from it.
    internal class OutOfReach : DispatchProxy
#pragma warning restore CA1852
    {
        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) =>
            throw new StoreUnavailableException("Out of reach.");
    }

    /// <summary>A journal that cannot be reached.</summary>
    private sealed class NoJournal : IRememberedChecks
    {
        public ValueTask SaveAsync(IReadOnlyList<RememberedCheck> checks, CancellationToken cancellation) =>
            throw new StoreUnavailableException("Out of reach.");

        public ValueTask<IReadOnlyList<RememberedCheck>> LoadAsync(
            Instant since, int take, CancellationToken cancellation) =>
            throw new StoreUnavailableException("Out of reach.");
    }

    /// <summary>A clock that stands, and knows which of its timers were not disposed.</summary>
    private sealed class CountingClock : TimeProvider
    {
        private readonly ManualClock _clock = new(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));

        public int Started { get; private set; }

        public int Running { get; private set; }

        public override long TimestampFrequency => _clock.TimestampFrequency;

        public override DateTimeOffset GetUtcNow() => _clock.GetUtcNow();

        public override long GetTimestamp() => _clock.GetTimestamp();

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            (Started, Running) = (Started + 1, Running + 1);
            return new CountedTimer(_clock.CreateTimer(callback, state, dueTime, period), () => Running--);
        }
    }

    private sealed class CountedTimer(ITimer timer, Action ended) : ITimer
    {
        private bool _isEnded;

        public bool Change(TimeSpan dueTime, TimeSpan period) => timer.Change(dueTime, period);

        public void Dispose()
        {
            timer.Dispose();
            if (!_isEnded) ended();
            _isEnded = true;
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
