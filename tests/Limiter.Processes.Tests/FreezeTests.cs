using Limiter.Domain.Decisions;
using Limiter.Processes.Tests.Logs;

namespace Limiter.Processes.Tests;

/// <summary>A process that stands still (SIGSTOP) for longer than its leases live, and goes on (SIGCONT).</summary>
public sealed class FreezeTests
{
    private const long FrozenMs = 2_500;

    [Fact]
    public async Task A_process_frozen_in_mid_load_never_spends_what_it_held_before()
    {
        await using var fleet = await ProcessFleet.StartAsync(3, ["sliding", "fixed", "burst", "quota"]);
        await using (var load = new Load(fleet, hot: "sliding", seed: 3))
        {
            await load.UntilAsync(300, "300 answers");
            ProcessControl.Freeze(fleet.Edges[2].ProcessId);
            await RealTime.PassAsync(FrozenMs);
            ProcessControl.Thaw(fleet.Edges[2].ProcessId);
            await load.UntilAsync(100, "100 answers of the thawed", answer => answer.Edge == fleet.Edges[2].Number);
        }
        fleet.ShouldBeWithinEveryLimit();
        fleet.Log.From(0).Max(answer => answer.Received - answer.Sent).ShouldBeGreaterThan(fleet.LifetimeMs);
    }

    [Fact]
    public async Task What_a_frozen_process_held_is_out_of_reach_and_back_when_it_goes_on()
    {
        await using var fleet = await ProcessFleet.StartAsync(3, ["quota"]);
        var (frozen, number) = (fleet.Edges[2], fleet.NumberOf("quota", "day"));
        await RealTime.UntilAsync(
            async () => (await frozen.CheckAsync("quota", 1)).Mode == DecisionMode.Leased, "it holds a lease");
        ProcessControl.Freeze(frozen.ProcessId);
        var at = RealTime.Now;
        await fleet.Edges[0].DrainAsync("quota");
        await RealTime.PassAsync(Math.Max(1, FrozenMs - (RealTime.Now - at)));
        await fleet.Edges[1].DrainAsync("quota");
        fleet.Log.Admitted("quota").ShouldBeLessThan(number);

        ProcessControl.Thaw(frozen.ProcessId);
        var first = await frozen.DecideAsync("quota", 1);
        (first.Fate, first.Mode).ShouldBe((Fate.Allowed, DecisionMode.Exact));
        foreach (var edge in fleet.Edges) await edge.DrainAsync("quota");
        fleet.Log.Admitted("quota").ShouldBe(number);
        fleet.ShouldBeWithinEveryLimit();
    }
}
