using Limiter.Processes.Tests.Logs;

namespace Limiter.Processes.Tests;

/// <summary>Three processes that nothing befalls.</summary>
public sealed class SteadyTests(ITestOutputHelper output)
{
    /// <summary>The most of the admissible load that may be refused early while all three want all there is.</summary>
    private const double EarlyShareMax = 0.05;

    [Fact]
    public async Task Three_processes_on_one_store_admit_no_more_than_each_limit_and_all_of_it()
    {
        await using var fleet = await ProcessFleet.StartAsync(3, ["sliding", "fixed", "burst", "quota"]);
        await using (var load = new Load(fleet, hot: "sliding", seed: 1)) await load.UntilAsync(1_500, "1,500 answers");
        var verdict = fleet.ShouldBeWithinEveryLimit();
        output.WriteLine($"{verdict.Refusals}");
        output.WriteLine($"{verdict.Refusals.EarlyShare:P2} early");
        verdict.Refusals.Refused.ShouldBePositive();
        verdict.Refusals.EarlyShare.ShouldBeLessThan(EarlyShareMax);

        await Task.WhenAll(fleet.Edges[1..].Select(edge => edge.StopAsync()));
        var last = fleet.Edges[0];
        // What was in use ends with its lease and window; the day's count needs neither: nobody died.
        (await last.DrainAsync("quota")).ShouldBePositive();
        fleet.Log.Admitted("quota").ShouldBe(fleet.NumberOf("quota", "day"));
        await RealTime.PassAsync(4_500);
        foreach (var plan in new[] { "sliding", "fixed", "burst" })
            (await last.DrainAsync(plan)).ShouldBeGreaterThanOrEqualTo(fleet.NumberOf(plan, plan));
        fleet.ShouldBeWithinEveryLimit();
    }
}
