using Limiter.Domain.Decisions;
using Limiter.Processes.Tests.Logs;

namespace Limiter.Processes.Tests;

/// <summary>
/// No room on the disk, as a bound on the size of files (RLIMIT_FSIZE, set from outside while the processes run): the
/// next commit does not fit into the write-ahead log any more, and its write fails half way, as on a full disk.
/// </summary>
public sealed class FullDiskTests
{
    private const long FullMs = 4_000;

    /// <summary>What was being written when the room ended.</summary>
    private const long InFlightMs = 500;

    [Fact]
    public async Task On_a_full_disk_held_leases_go_on_the_rest_is_refused_and_all_is_well_when_there_is_room_again()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Needs prlimit.");
        await using var fleet = await ProcessFleet.StartAsync(
            3, ["quota", "fixed", "sliding", "burst"], lifetimeMs: 2_000);
        await using (var load = new Load(fleet, hot: "quota", seed: 4))
        {
            await load.UntilAsync(400, "400 answers");
            await load.UntilAsync(5, "leases are held", answer => answer.Mode == DecisionMode.Leased);
            var (full, since) = (fleet.Log.Count, RealTime.Now);
            var bytes = fleet.Store.LogBytes;
            foreach (var edge in fleet.Edges) ProcessControl.LimitFiles(edge.ProcessId, bytes);
            await RealTime.PassAsync(InFlightMs);
            bytes = fleet.Store.LogBytes;
            await RealTime.PassAsync(FullMs - InFlightMs);
            fleet.Store.LogBytes.ShouldBe(bytes);
            var meanwhile = fleet.Log.From(full);
            meanwhile.ShouldContain(answer => answer.Fate == Fate.Allowed && answer.Mode == DecisionMode.Leased);
            meanwhile.ShouldContain(answer => answer.Fate == Fate.Refused);
            // After the last lease there is nothing to admit from.
            meanwhile.ShouldNotContain(answer =>
                answer.Fate == Fate.Allowed && answer.Sent - since > fleet.LifetimeMs + InFlightMs);

            foreach (var edge in fleet.Edges) ProcessControl.UnlimitFiles(edge.ProcessId);
            foreach (var edge in fleet.Edges)
                await load.UntilAsync(10, $"process {edge.Number} recovered", answer =>
                    answer.Edge == edge.Number && answer.Tenant == "quota" && answer.Fate == Fate.Allowed);
        }
        fleet.ShouldBeWithinEveryLimit().DegradedTokens.ShouldBe(0);
        await fleet.ShouldHaveTheRestOfTheDayAsync("quota");
    }
}
