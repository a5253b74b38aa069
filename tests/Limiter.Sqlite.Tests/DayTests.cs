using Limiter.Domain;
using Limiter.Engine.Clocks;
using Limiter.Engine.Ports;

namespace Limiter.Sqlite.Tests;

/// <summary>What is particular about the days of buckets in a file.</summary>
public sealed class DayTests : IDisposable
{
    private static readonly Instant Start = Instant.From(Asks.Start);

    private readonly TemporaryFolder _folder = new();
    private readonly ManualClock _clock = new(Asks.Start);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_damaged_bucket_tells_no_day()
    {
        await using var store = _folder.Open(_clock);
        await store.Buckets.GrantedAsync("acme", 1, 1, 10, 4);
        await store.Buckets.GrantedAsync("other", 1, 1, 10, 4);
        _folder.Execute("UPDATE buckets SET state = x'63' WHERE bucket = 't:acme:'");
        _clock.Advance(TimeSpan.FromDays(1));
        (await Should.ThrowAsync<BucketFailedException>(async () =>
            await store.Buckets.CloseDayAsync(Asks.Bucket("acme"), Start, Cancellation)))
            .Message.ShouldContain("t:acme:");
        (await store.Buckets.CloseDayAsync(Asks.Bucket("other"), Start, Cancellation)).ShouldBe(4);
    }

    [Fact]
    public async Task A_told_day_outlives_a_restart()
    {
        await using (var store = _folder.Open(_clock))
        {
            await store.Buckets.GrantedAsync("acme", 1, 1, 10, 4);
            _clock.Advance(TimeSpan.FromDays(1));
            (await store.Buckets.CloseDayAsync(Asks.Bucket("acme"), Start, Cancellation)).ShouldBe(4);
            await store.Buckets.GrantedAsync("acme", 1, 2, 10, 3);
        }
        _folder.Execute("UPDATE buckets SET state = x'63'");
        await using var again = _folder.Open(_clock);
        // Told from the row beside the state, so not decided anew.
        (await again.Buckets.CloseDayAsync(Asks.Bucket("acme"), Start, Cancellation)).ShouldBe(4);
    }
}
