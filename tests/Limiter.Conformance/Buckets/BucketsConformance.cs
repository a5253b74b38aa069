using Limiter.Domain;
using Limiter.Domain.Buckets;
using Limiter.Domain.Escrow;
using Limiter.Domain.Policies;
using Limiter.Engine.Clocks;
using Limiter.Engine.Ports;

namespace Limiter.Conformance.Buckets;

/// <summary>What every adapter of <see cref="IBuckets"/> does.</summary>
public abstract class BucketsConformance
{
    private static readonly BucketId Acme = Requests.BucketOf("acme");

    protected ManualClock Clock { get; } = new(Times.Start);

    protected abstract IBuckets Buckets { get; }

    protected static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_unknown_bucket_starts_with_all_of_its_limit()
    {
        var reply = await ReserveAsync(Acme, edge: 1, number: 1, Requests.PerFixedMinute(60), tokens: 60);
        reply.Outcome.ShouldBe(ReserveOutcome.Granted);
        reply.Limits[Requests.Minute].Granted.ShouldBe(60);
        reply.Now.ShouldBe(Instant.From(Times.Start));
    }

    [Fact]
    public async Task What_was_granted_to_one_edge_is_refused_to_another()
    {
        var terms = Requests.PerFixedMinute(10);
        (await ReserveAsync(Acme, 1, 1, terms, 7)).Outcome.ShouldBe(ReserveOutcome.Granted);
        var denied = await ReserveAsync(Acme, 2, 1, terms, 4);
        denied.Outcome.ShouldBe(ReserveOutcome.Denied);
        denied.RetryAt.ShouldBe(Instant.From(Times.Start.AddMinutes(1)));
        (await ReserveAsync(Acme, 2, 2, terms, 3)).Outcome.ShouldBe(ReserveOutcome.Granted);
    }

    [Fact]
    public async Task A_repeated_request_is_answered_alike_and_counts_once()
    {
        var terms = Requests.PerFixedMinute(10);
        var first = await ReserveAsync(Acme, 1, 1, terms, 5);
        var again = await ReserveAsync(Acme, 1, 1, terms, 5);
        again.Outcome.ShouldBe(ReserveOutcome.Granted);
        again.Opened.ShouldBe(first.Opened);
        again.Limits[Requests.Minute].Granted.ShouldBe(5);
        (await ReserveAsync(Acme, 2, 1, terms, 5)).Outcome.ShouldBe(ReserveOutcome.Granted);
        (await ReserveAsync(Acme, 2, 2, terms, 6)).Outcome.ShouldBe(ReserveOutcome.Denied);
    }

    [Fact]
    public async Task A_request_that_arrives_after_a_later_one_is_stale()
    {
        var terms = Requests.PerFixedMinute(10);
        await ReserveAsync(Acme, 1, 2, terms, 5);
        (await ReserveAsync(Acme, 1, 1, terms, 5)).Outcome.ShouldBe(ReserveOutcome.Stale);
    }

    [Fact]
    public async Task Buckets_do_not_share_their_tokens()
    {
        var terms = Requests.PerFixedMinute(10);
        foreach (var bucket in new[]
        {
            Acme,
            Acme with { Partition = Partition.Key, Value = "k1" },
            Acme with { Partition = Partition.Ip, Value = "k1" },
            Requests.BucketOf("other"),
        })
            (await ReserveAsync(bucket, 1, 1, terms, 10)).Outcome.ShouldBe(ReserveOutcome.Granted);
    }

    [Fact]
    public async Task The_next_window_starts_anew()
    {
        var terms = Requests.PerFixedMinute(10);
        await ReserveAsync(Acme, 1, 1, terms, 10);
        Clock.Advance(TimeSpan.FromMinutes(1));
        var reply = await ReserveAsync(Acme, 2, 1, terms, 10);
        reply.Outcome.ShouldBe(ReserveOutcome.Granted);
        reply.Now.ShouldBe(Instant.From(Clock.GetUtcNow()));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Many_edges_at_once_are_never_granted_more_than_the_limit(bool sliding)
    {
        const int limit = 500;
        var terms = sliding ? Requests.PerSlidingMinute(limit) : Requests.PerFixedMinute(limit);
        var edges = Enumerable.Range(1, 32).Select(id => new FakeEdge(Buckets, Acme, terms, (ulong)id)).ToArray();
        await Task.WhenAll(edges.Select(edge => Task.Run(
            async () =>
            {
                for (var i = 0; i < 30; i++)
                {
                    await edge.ReserveAsync(1);
                    if (i % 7 == 0) await edge.RepeatAsync();
                }
            },
            Cancellation)));
        edges.Sum(edge => edge.Spent).ShouldBe(limit);
    }

    [Fact]
    public async Task Many_buckets_at_once_each_count_their_own()
    {
        var terms = Requests.PerFixedMinute(3);
        var replies = await Task.WhenAll(Enumerable.Range(0, 400).Select(i => Task.Run(
            async () => (await ReserveAsync(Requests.BucketOf($"t{i % 100}"), (ulong)i + 1, 1, terms, 1)).Outcome,
            Cancellation)));
        replies.Count(outcome => outcome == ReserveOutcome.Granted).ShouldBe(300);
        replies.Count(outcome => outcome == ReserveOutcome.Denied).ShouldBe(100);
    }

    [Fact]
    public async Task A_charge_counts_once()
    {
        var terms = Requests.PerFixedMinute(10);
        var edge = new FakeEdge(Buckets, Acme, terms, 1);
        var spentAt = (await edge.ReserveAsync(2)).Now;
        (await ChargeAsync(7, spentAt, 2, 6, terms)).ShouldBe(ChargeOutcome.Applied);
        (await ChargeAsync(7, spentAt, 2, 6, terms)).ShouldBe(ChargeOutcome.Repeated);
        (await ChargeAsync(7, spentAt, 2, 5, terms)).ShouldBe(ChargeOutcome.Conflict);
        (await edge.ReserveAsync(5)).Outcome.ShouldBe(ReserveOutcome.Denied);
        (await edge.ReserveAsync(4)).Outcome.ShouldBe(ReserveOutcome.Granted);
    }

    [Fact]
    public async Task Many_equal_charges_at_once_count_once()
    {
        var terms = Requests.PerFixedMinute(10);
        var outcomes = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Task.Run(
            async () => await ChargeAsync(7, Instant.From(Times.Start), 1, 4, terms), Cancellation)));
        outcomes.Count(outcome => outcome == ChargeOutcome.Applied).ShouldBe(1);
        outcomes.Count(outcome => outcome == ChargeOutcome.Repeated).ShouldBe(19);
        (await ReserveAsync(Acme, 1, 1, terms, 8)).Outcome.ShouldBe(ReserveOutcome.Denied);
        (await ReserveAsync(Acme, 1, 2, terms, 7)).Outcome.ShouldBe(ReserveOutcome.Granted);
    }

    [Fact]
    public async Task A_cancelled_request_is_not_made()
    {
        var terms = Requests.PerFixedMinute(10);
        using var source = new CancellationTokenSource();
        await source.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(async () =>
            await Buckets.ReserveAsync(Acme, Requests.Reserve(1, 1, terms, 10), source.Token));
        (await ReserveAsync(Acme, 2, 1, terms, 10)).Outcome.ShouldBe(ReserveOutcome.Granted);
    }

    protected ValueTask<ReserveReply> ReserveAsync(
        BucketId bucket, ulong edge, long number, Terms terms, long tokens) =>
        Buckets.ReserveAsync(bucket, Requests.Reserve(edge, number, terms, tokens), Cancellation);

    private ValueTask<ChargeOutcome> ChargeAsync(ulong check, Instant spentAt, long cost, long trueCost, Terms terms) =>
        Buckets.ChargeAsync(Acme, Requests.Charge(check, spentAt, cost, trueCost, terms), Cancellation);
}
