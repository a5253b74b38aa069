using Limiter.Domain.Escrow;
using Limiter.Engine.Ports;

namespace Limiter.Conformance.Buckets;

/// <summary>What every adapter of <see cref="IBucketSweeper"/> does.</summary>
public abstract class SweepConformance : BucketsConformance
{
    private IBucketSweeper Sweeper => (IBucketSweeper)Buckets;

    [Fact]
    public async Task A_sweep_deletes_what_is_at_rest_and_nothing_else()
    {
        var terms = Requests.PerFixedMinute(10);
        for (var i = 0; i < 20; i++) await ReserveAsync(Requests.BucketOf($"t{i}"), 1, 1, terms, 10);
        (await SweepAllAsync()).ShouldBe(0);
        (await ReserveAsync(Requests.BucketOf("t3"), 2, 1, terms, 1)).Outcome.ShouldBe(ReserveOutcome.Denied);

        Clock.Advance(TimeSpan.FromDays(3));
        await ReserveAsync(Requests.BucketOf("t5"), 2, 1, terms, 10);
        (await SweepAllAsync()).ShouldBe(19);
        (await ReserveAsync(Requests.BucketOf("t5"), 3, 1, terms, 1)).Outcome.ShouldBe(ReserveOutcome.Denied);
        (await ReserveAsync(Requests.BucketOf("t3"), 3, 1, terms, 10)).Outcome.ShouldBe(ReserveOutcome.Granted);
    }

    [Fact]
    public async Task Sweeping_while_buckets_are_used_gives_no_token_back()
    {
        const int limit = 200;
        var terms = Requests.PerFixedMinute(limit);
        var acme = Requests.BucketOf("acme");
        var edges = Enumerable.Range(1, 8).Select(id => new FakeEdge(Buckets, acme, terms, (ulong)id)).ToArray();
        var sweeps = Task.Run(
            async () =>
            {
                for (var i = 0; i < 50; i++) await Sweeper.SweepAsync(10, Cancellation);
            },
            Cancellation);
        await Task.WhenAll(edges.Select(edge => Task.Run(
            async () =>
            {
                for (var i = 0; i < 40; i++) await edge.ReserveAsync(1);
            },
            Cancellation)));
        await sweeps;
        edges.Sum(edge => edge.Spent).ShouldBe(limit);
    }

    private async Task<int> SweepAllAsync()
    {
        var deleted = 0;
        while (true)
        {
            var result = await Sweeper.SweepAsync(7, Cancellation);
            result.Seen.ShouldBeLessThanOrEqualTo(7);
            deleted += result.Deleted;
            if (result.Ended) return deleted;
        }
    }
}
