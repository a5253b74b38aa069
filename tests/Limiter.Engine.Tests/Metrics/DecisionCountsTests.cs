using System.Collections.Immutable;
using Limiter.Domain.Decisions;
using Limiter.Domain.Policies;
using Limiter.Engine.Metrics;

namespace Limiter.Engine.Tests.Metrics;

public sealed class DecisionCountsTests
{
    [Fact]
    public void Labels_are_at_most_a_hundred_and_nothing_is_lost()
    {
        var counts = new DecisionCounts();
        for (var round = 0; round < 3; round++)
            for (var plan = 0; plan < 40; plan++)
                for (var group = 0; group < 10; group++)
                    counts.Count(Of($"plan{plan}", $"group{group}", DecisionMode.Leased));
        counts.Count(Of("late", "late", DecisionMode.Degraded));
        counts.Series.Count().ShouldBeLessThanOrEqualTo(DecisionCounts.SeriesMax);
        counts.Series.Sum(series => series.Count.Value).ShouldBe(1_201);
        // What came too late for a place is still told by its mode.
        counts.Series.Single(series => series.Mode == DecisionMode.Degraded)
            .ShouldSatisfyAllConditions(
                series => series.Plan.ShouldBe(DecisionCounts.Other),
                series => series.Count.Value.ShouldBe(1));
        counts.Series.Where(series => series.Plan != DecisionCounts.Other)
            .ShouldAllBe(series => series.Count.Value == 3);
    }

    [Fact]
    public void Names_of_another_policy_count_on_where_they_say_the_same()
    {
        var counts = new DecisionCounts();
        for (var i = 0; i < 100; i++)
            counts.Count(Of(new string("basic".AsSpan()), new string("read".AsSpan()), DecisionMode.Exact));
        counts.Series.ShouldHaveSingleItem().Count.Value.ShouldBe(100);
    }

    [Fact]
    public void Many_threads_lose_no_count_and_a_known_series_allocates_nothing()
    {
        var counts = new DecisionCounts();
        var decision = Of("basic", "read", DecisionMode.Leased);
        counts.Count(decision);
        Parallel.For(0, 8, _ =>
        {
            for (var i = 0; i < 10_000; i++) counts.Count(decision);
        });
        counts.Series.Single().Count.Value.ShouldBe(80_001);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1_000; i++) counts.Count(decision);
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBe(0);
    }

    private static Decision Of(string plan, string group, DecisionMode mode) => new()
    {
        Plan = new Plan(plan, ImmutableArray<long?>.Empty, false),
        Rule = new EndpointRule(group, "*", 1, null, []),
        Mode = mode,
    };
}
