using Limiter.Domain;
using Limiter.Domain.Buckets;
using Limiter.Domain.Escrow;
using Limiter.Engine.Clocks;
using Limiter.Engine.Ports;
using Limiter.Functions.Entities;
using Limiter.Functions.Host.Entities;
using Limiter.Functions.Tests.Kit;
using Microsoft.DurableTask.Entities;

namespace Limiter.Functions.Tests.Entities;

public sealed class StoredStateTests
{
    private const string Newer = """{"V":2,"Bucket":"AgME","Extra":{"kept":true}}""";

    private static readonly EntityInstanceId Acme = new(BucketEntity.EntityName, Asks.Acme.Encode());

    private readonly ManualClock _clock = new(Edges.Start);

    [Fact]
    public async Task A_newer_state_is_refused_and_left_untouched()
    {
        var room = EntityRoom.Open(_clock, Delivery.Prompt);
        room.Host.Place(Acme, Newer);
        await Should.ThrowAsync<BucketsUnavailableException>(async () =>
            await room.Buckets.ReserveAsync(Asks.Acme, Asks.Reserve(1, 1, 1), default));
        await Should.ThrowAsync<BucketsUnavailableException>(async () =>
            await room.Buckets.ChargeAsync(Asks.Acme, Asks.Charge(1, default, 1, 2), default));
        await Should.ThrowAsync<BucketsUnavailableException>(async () =>
            await room.Buckets.CloseDayAsync(Asks.Acme, default, default));
        _clock.Advance(TimeSpan.FromDays(9));
        (await room.Buckets.SweepAsync(10, default)).Deleted.ShouldBe(0);
        room.Host.States()[Acme.Key].ShouldBe(Newer);
        room.Host.Failures.ShouldAllBe(failure => failure is BucketFormatException);
    }

    [Fact]
    public async Task The_first_format_is_read()
    {
        // Ten a minute, of which edge 7 was granted four at 2026-01-01T00:00:00Z.
        const string bucket =
            "AYDQ6ra3MwEBAgRAZGF5AQABAAABAAAGbWludXRlAODUAwAAAAEAC4DQ6ra3MwQAAAAAAAABgNDqtrczBAAAAAAAAAEBBwEBAQIAAAKg"
            + "nAEABAAAAAQAAAACAJBOAAAA";
        const string first = $$"""{"V":1,"Bucket":"{{bucket}}","Answers":null,"ClosedDay":null,"Charged":null}""";
        var room = EntityRoom.Open(_clock, Delivery.Prompt);
        room.Host.Place(Acme, first);
        (await OutcomeAsync(room, Asks.Reserve(8, 1, 7))).ShouldBe(ReserveOutcome.Denied);
        (await OutcomeAsync(room, Asks.Reserve(8, 2, 6))).ShouldBe(ReserveOutcome.Granted);
    }

    [Theory]
    [InlineData("""{"V":1,"Bucket":"AQ=="}""")]
    [InlineData("""{"V":1,"Bucket":"/w=="}""")]
    [InlineData("""{"V":1,"Bucket":7}""")]
    public async Task A_damaged_state_is_out_of_reach_and_left_untouched(string damaged)
    {
        var room = EntityRoom.Open(_clock, Delivery.Prompt);
        room.Host.Place(Acme, damaged);
        await Should.ThrowAsync<BucketsUnavailableException>(() => OutcomeAsync(room, Asks.Reserve(1, 1, 1)));
        room.Host.States()[Acme.Key].ShouldBe(damaged);
    }

    [Fact]
    public async Task Nobody_deletes_a_bucket_that_remembers_something()
    {
        var room = EntityRoom.Open(_clock, Delivery.Prompt);
        await room.Buckets.ReserveAsync(Asks.Acme, Asks.Reserve(1, 1, 10), default);
        var client = HostEntityClient.For(room.Host).Entities;
        foreach (var operation in new[] { "retire", "Retire", "delete", "Delete" })
            await client.SignalEntityAsync(Acme, operation, cancellation: TestContext.Current.CancellationToken);
        (await OutcomeAsync(room, Asks.Reserve(2, 1, 1))).ShouldBe(ReserveOutcome.Denied);
        _clock.Advance(TimeSpan.FromDays(3));
        await client.SignalEntityAsync(Acme, "Retire", cancellation: TestContext.Current.CancellationToken);
        room.Host.States().ShouldBeEmpty();
    }

    [Fact]
    public async Task A_message_that_cannot_be_read_changes_nothing()
    {
        var room = EntityRoom.Open(_clock, Delivery.Prompt);
        await room.Buckets.ReserveAsync(Asks.Acme, Asks.Reserve(1, 1, 4), default);
        var before = room.Host.States()[Acme.Key];
        var client = HostEntityClient.For(room.Host).Entities;
        var good = RequestCodec.Encode(Asks.Reserve(2, 1, 1));
        foreach (var message in new[] { [], [1], [RequestCodec.Format + 1, .. good[1..]], good[..^1], [.. good, 0] })
            await client.SignalEntityAsync(Acme, "Reserve", message, cancellation: default);
        room.Host.Failures.Count.ShouldBe(5);
        room.Host.States()[Acme.Key].ShouldBe(before);
    }

    [Fact]
    public async Task An_edge_beyond_those_that_a_bucket_remembers_is_answered_too_and_once()
    {
        var room = EntityRoom.Open(_clock, Delivery.Prompt);
        var many = new Domain.Policies.Terms(Asks.Ten.Version,
            [Asks.Ten.Limits[0], Asks.Ten.Limits[1] with { Schedule = Domain.Policies.Schedule.Constant(10_000) }]);
        for (ulong edge = 1; edge <= BucketState.EdgesMax; edge++)
            (await OutcomeAsync(room, Asks.Reserve(edge, 1, 10, many))).ShouldBe(ReserveOutcome.Granted);
        var request = Asks.Reserve(99, 1, 10, many);
        var reply = await room.Buckets.ReserveAsync(Asks.Acme, request, default);
        (reply.Outcome, reply.Exact, reply.Limits[1].Granted).ShouldBe((ReserveOutcome.Granted, true, 10));
        var before = room.Host.States()[Acme.Key];
        (await room.Buckets.ReserveAsync(Asks.Acme, request, default)).Limits[1].Granted.ShouldBe(10);
        room.Host.States()[Acme.Key].ShouldBe(before);
    }

    private static async Task<ReserveOutcome> OutcomeAsync(EntityRoom room, ReserveRequest request) =>
        (await room.Buckets.ReserveAsync(Asks.Acme, request, default)).Outcome;
}
