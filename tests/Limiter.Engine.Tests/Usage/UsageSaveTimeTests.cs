using Limiter.Domain.Buckets;
using Limiter.Domain.Decisions;
using Limiter.Domain.Escrow;
using Limiter.Engine.Callers;
using Limiter.Engine.Checks;
using Limiter.Engine.Clocks;
using Limiter.Engine.InMemory;
using Limiter.Engine.Tests.Kit;
using Limiter.Engine.Usage;

namespace Limiter.Engine.Tests.Usage;

/// <summary>Whoever reads a minute 10 s after its end finds all of it, whenever in it a tenant sent.</summary>
public sealed class UsageSaveTimeTests
{
    // The last edge saves latest of all.
    public static TheoryData<ulong, int> Savers =>
        [.. from edge in new ulong[] { 1, 2_000, 3_999 } from seconds in new[] { 4, 30, 60 } select (edge, seconds)];

    [Theory]
    [MemberData(nameof(Savers))]
    public async Task A_minute_is_saved_within_the_time_that_readers_wait_for_it(ulong edge, int saveSeconds)
    {
        await using var edges = await OfAsync("early", "late");
        var clock = new ManualClock(Edges.Start);
        await using var own = new OwnEdge(edges, edge, saveSeconds, clock, clock);
        var recent = new RecentUsage(own.Usage, clock);
        for (var minute = 1; minute <= 4; minute++)
        {
            await own.AdvanceToAsync(minute * 60 - 48);
            await own.CheckAsync("early");
            await own.AdvanceToAsync(minute * 60 - 20);
            await own.CheckAsync("late");
            await own.CheckAsync("late");
            await own.AdvanceToAsync(minute * 60 + 10);
            var view = await recent.ViewAsync(default);
            view.LastMinute.Checks.ShouldBe(3, $"minute {minute}");
            view.Tenants.Select(one => one.Tenant.Text).ShouldBe(["late", "early"]);
        }
    }

    [Fact]
    public async Task A_check_that_its_bucket_counts_in_the_minute_before_does_not_wait_for_the_next_one()
    {
        await using var edges = await OfAsync("first", "behind");
        var (clock, behind) = (new ManualClock(Edges.Start), new ManualClock(Edges.Start.AddSeconds(-3)));
        await using var own = new OwnEdge(edges, 1, 60, clock, behind);
        await own.AdvanceToAsync(59);
        // Refused by no bucket: it counts by the edge's clock, which opens the new minute first.
        await own.AdvanceToAsync(61);
        await own.CheckAsync("first", cost: 10_000_000);
        await own.CheckAsync("behind");
        await own.AdvanceToAsync(70);
        var view = await new RecentUsage(own.Usage, clock).ViewAsync(default);
        view.Tenants.Select(one => one.Tenant.Text).ShouldContain("behind");
    }

    private static async Task<Edges> OfAsync(params string[] tenants)
    {
        var edges = new Edges(Policies.TenAMinute());
        foreach (var tenant in tenants) await edges.SaveAsync(tenant, "big");
        return edges;
    }

    /// <summary>One edge of a chosen id, with a bucket clock of its own.</summary>
    private sealed class OwnEdge : IAsyncDisposable
    {
        private readonly ManualClock[] _clocks;
        private readonly UsageTally _tally;
        private readonly Checker _checker;
        private int _second;

        public OwnEdge(Edges edges, ulong id, int saveSeconds, ManualClock clock, ManualClock bucketClock)
        {
            _clocks = clock == bucketClock ? [clock] : [bucketClock, clock];
            Usage = new InMemoryUsage(clock);
            _tally = new UsageTally(new EdgeId(id), Usage, clock, new UsageOptions { SaveSeconds = saveSeconds });
            _checker = new Checker(
                new PolicyInForce(edges.Policy, 1), new EdgeId(id), edges.Directory, new InMemoryBuckets(bucketClock),
                clock, usage: _tally);
        }

        public InMemoryUsage Usage { get; }

        public async Task CheckAsync(string tenant, long? cost = null) =>
            await _checker.CheckAsync(Edges.Get(tenant, cost: cost), new Decision(), default);

        public async Task AdvanceToAsync(int second)
        {
            for (; _second < second; _second++)
            {
                foreach (var clock in _clocks) clock.Advance(TimeSpan.FromSeconds(1));
                while (_checker.IsAsking || _tally.IsSaving) await Task.Yield();
            }
        }

        public async ValueTask DisposeAsync()
        {
            await _checker.DisposeAsync();
            await _tally.DisposeAsync();
        }
    }
}
