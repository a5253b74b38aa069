using Limiter.Domain;
using Limiter.Engine.Clocks;
using Limiter.Functions.Host.Entities;
using Limiter.Functions.Tests.Kit;

namespace Limiter.Functions.Tests.Entities;

public sealed class CloseDayTests
{
    private static readonly Instant Today = Instant.From(Edges.Start);

    private readonly ManualClock _clock = new(Edges.Start.AddHours(9));

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task A_day_is_closed_once_however_often_and_late_it_is_asked_for(int seed)
    {
        var room = EntityRoom.Open(_clock, Delivery.Hostile(seed));
        await room.Buckets.ReserveAsync(Asks.Acme, Asks.Reserve(1, 1, 7), default);
        room.Host.Settle();
        _clock.Advance(TimeSpan.FromHours(16));
        (await room.Buckets.CloseDayAsync(Asks.Acme, Today, default)).ShouldBe(7);
        // What comes back afterwards does not change what was closed.
        await room.Buckets.ReserveAsync(Asks.Acme, Asks.Reserve(1, 2, 3), default);
        _clock.Advance(TimeSpan.FromHours(1));
        (await room.Buckets.CloseDayAsync(Asks.Acme, Today, default)).ShouldBe(7);
        _clock.Advance(TimeSpan.FromHours(24));
        (await room.Buckets.CloseDayAsync(Asks.Acme, Today + TimeSpan.MillisecondsPerDay, default)).ShouldBe(3);
        (await room.Buckets.CloseDayAsync(Asks.Acme, Today, default)).ShouldBeNull();
        room.Host.Failures.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_bucket_that_was_asked_since_still_knows_yesterday()
    {
        var room = EntityRoom.Open(_clock, Delivery.Prompt);
        await room.Buckets.ReserveAsync(Asks.Acme, Asks.Reserve(1, 1, 7), default);
        _clock.Advance(TimeSpan.FromHours(20));
        await room.Buckets.ReserveAsync(Asks.Acme, Asks.Reserve(2, 1, 2), default);
        (await room.Buckets.CloseDayAsync(Asks.Acme, Today, default)).ShouldBe(7);
    }

    [Fact]
    public async Task A_bucket_that_never_was_has_no_figure_and_is_not_made()
    {
        var room = EntityRoom.Open(_clock, Delivery.Prompt);
        (await room.Buckets.CloseDayAsync(Asks.Acme, Today, default)).ShouldBeNull();
        room.Host.Operations.ShouldBe(0);
    }
}
