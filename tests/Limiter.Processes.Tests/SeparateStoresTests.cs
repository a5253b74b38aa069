using Limiter.Processes.Tests.Logs;
using Limiter.Simulation.Auditing;

namespace Limiter.Processes.Tests;

/// <summary>The audit of logs finds what it is to find.</summary>
public sealed class SeparateStoresTests
{
    private const int RoundsMax = 10;

    private static readonly string[] Plans = ["fixed", "sliding", "burst", "calendar"];

    [Fact]
    public async Task Two_processes_that_do_not_share_their_store_are_caught_in_every_limit()
    {
        await using var fleet = await ProcessFleet.StartAsync(2, Plans, isDivided: true);
        // A window may end between the two: then the next one shows it.
        for (var round = 0; round < RoundsMax && Caught(fleet, Dating.Client).Count() < Plans.Length; round++)
            foreach (var plan in Plans) await Task.WhenAll(fleet.Edges.Select(edge => edge.DrainAsync(plan)));
        Caught(fleet, Dating.Bucket).ShouldBe(Plans, ignoreOrder: true);
        Caught(fleet, Dating.Client).ShouldBe(Plans, ignoreOrder: true);
        Caught(fleet, Dating.ToldReset).ShouldBe(["fixed", "calendar"], ignoreOrder: true);
    }

    private static IEnumerable<string> Caught(ProcessFleet fleet, Dating dating)
    {
        var findings = fleet.Audit(dating).Conclude().Findings;
        findings.ShouldAllBe(finding => finding.Kind == FindingKind.OverLimit);
        return Plans.Where(plan => findings.Any(finding => finding.Sentence.Contains($"t:{plan}:")));
    }
}
