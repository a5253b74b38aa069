using Limiter.Domain.Decisions;
using Limiter.Functions.Host.Entities;
using Limiter.Functions.Tests.Kit;

namespace Limiter.Functions.Tests.Entities;

public sealed class NeverOverTests
{
    private const long MinuteMs = 60_000;

    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, 6)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public async Task A_sliding_minute_admits_no_more_than_its_number_whatever_happens_to_signals(int seed)
    {
        var admitted = await StormAsync(Policies.Shipped("waqti"), seed);
        for (var i = 60; i < admitted.Count; i++)
            (admitted[i] - admitted[i - 60]).ShouldBeGreaterThanOrEqualTo(MinuteMs, $"seed {seed}, admission {i}");
        admitted.Count.ShouldBeGreaterThan(60);
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public async Task A_fixed_minute_admits_no_more_than_its_number_whatever_happens_to_signals(int seed)
    {
        var admitted = await StormAsync(Policies.FiftyAMinute(), seed);
        foreach (var minute in admitted.GroupBy(time => time / MinuteMs))
            minute.Count().ShouldBeLessThanOrEqualTo(50, $"seed {seed}, minute {minute.Key}");
        admitted.Count.ShouldBeGreaterThan(60);
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public async Task What_still_waits_in_queues_at_the_end_changes_no_count(int seed)
    {
        await using var edges = new Edges(Policies.FiftyAMinute(), 2, Delivery.Hostile(seed));
        await edges.RegisterAsync("acme", "basic");
        for (var i = 0; i < 20; i++) await edges.CheckAsync(i % 2, "acme");
        await edges.QuietAsync();
        edges.Host.Settle();
        edges.Host.Settle();
        var admitted = 20;
        for (var i = 0; i < 60; i++)
            if ((await edges.CheckAsync(i % 2, "acme")).Outcome == Outcome.Allowed) admitted++;
        admitted.ShouldBeLessThanOrEqualTo(50);
        edges.Host.Failures.ShouldBeEmpty();
    }

    // The times of all admissions, by floods, trickles and crashes of the edges, in the order of time.
    private static async Task<List<long>> StormAsync(Domain.Policies.Policy policy, int seed)
    {
        var random = new Random(seed);
        await using var edges = new Edges(policy, 3, Delivery.Hostile(seed));
        await edges.RegisterAsync("acme", "basic");
        var admitted = new List<long>();
        for (var round = 0; round < 150; round++)
        {
            var now = edges.Now.UnixMilliseconds;
            var checks = Enumerable.Range(0, random.Next(6))
                .Select(_ => edges.CheckAsync(random.Next(edges.Count), "acme")).ToArray();
            foreach (var decision in await Task.WhenAll(checks))
                if (decision.Outcome == Outcome.Allowed) admitted.Add(now);
            if (random.Next(40) == 0) await edges.CrashAsync(random.Next(edges.Count));
            var pause = random.Next(4) == 0 ? random.Next(4_000) : random.Next(900);
            await edges.AdvanceAsync(TimeSpan.FromMilliseconds(pause));
        }
        edges.Host.Failures.ShouldBeEmpty();
        return admitted;
    }
}
