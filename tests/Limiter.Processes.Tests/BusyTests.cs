using Limiter.Domain.Decisions;
using Limiter.Processes.Tests.Logs;

namespace Limiter.Processes.Tests;

/// <summary>Another program holds the store's write lock for longer than a write waits.</summary>
public sealed class BusyTests
{
    private const long LockedMs = 2_500;

    [Theory]
    [InlineData("closed")]
    [InlineData("open")]
    public async Task While_the_store_is_locked_the_policy_decides_and_afterwards_all_is_charged(string policy)
    {
        await using var fleet = await ProcessFleet.StartAsync(3, ["quota", "fixed", "sliding", "burst"], policy);
        await using (var load = new Load(fleet, hot: "quota", seed: 5))
        {
            await load.UntilAsync(300, "300 answers");
            var busy = fleet.Log.Count;
            using (fleet.Store.Lock()) await RealTime.PassAsync(LockedMs);
            Decided(fleet.Log.From(busy), policy);
            foreach (var edge in fleet.Edges)
                await load.UntilAsync(10, $"process {edge.Number} recovered", answer =>
                    answer.Edge == edge.Number && answer.Tenant == "quota" && answer.Mode != DecisionMode.Degraded
                    && answer.Fate == Fate.Allowed);
        }
        var verdict = fleet.ShouldBeWithinEveryLimit();
        if (policy == "open") verdict.DegradedTokens.ShouldBePositive();
        else verdict.DegradedTokens.ShouldBe(0);
        // Of the day, so that what was admitted without a grant is in it as well.
        await fleet.ShouldHaveTheRestOfTheDayAsync("quota");
    }

    private static void Decided(IReadOnlyList<LoggedAnswer> meanwhile, string policy)
    {
        if (policy == "closed")
        {
            meanwhile.ShouldContain(answer => answer.Fate == Fate.Refused);
            return;
        }
        meanwhile.ShouldNotContain(answer => answer.Fate == Fate.Refused);
        meanwhile.ShouldContain(answer => answer.Fate == Fate.Allowed && answer.Mode == DecisionMode.Degraded);
    }
}
