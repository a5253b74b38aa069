using Limiter.Domain.Escrow;
using Limiter.Processes.Tests.Logs;
using Limiter.Simulation.Stores;

namespace Limiter.Processes.Tests;

/// <summary>kill -9 of each process in turn, in the middle of the load.</summary>
public sealed class KillTests
{
    private const long LongestWindowMs = 4_000;

    private static readonly string[] Plans = ["quota", "fixed", "sliding", "burst"];

    [Fact]
    public async Task A_killed_process_costs_at_most_what_it_held_until_its_leases_and_their_windows_are_over()
    {
        await using var fleet = await ProcessFleet.StartAsync(3, Plans);
        var losses = new List<(int Edge, string Tenant, HeldTokens Held)>();
        await using (var load = new Load(fleet, hot: "quota", seed: 2))
        {
            foreach (var edge in fleet.Edges)
            {
                var id = await IdOfAsync(fleet, edge);
                await load.UntilAsync(250, "250 answers");
                await edge.KillAsync();
                foreach (var tenant in Plans)
                    losses.AddRange(fleet.Store.HeldBy(id, tenant).Select(held => (edge.Number, tenant, held)));
                await load.UntilAsync(100, "100 answers of those that live");
                await edge.StartAsync();
                await load.UntilAsync(25, "25 answers of the new process", answer => answer.Edge == edge.Number);
            }
        }
        losses.ShouldNotBeEmpty();
        fleet.ShouldBeWithinEveryLimit();

        await RealTime.PassAsync(fleet.LifetimeMs + LongestWindowMs);
        var audit = fleet.Audit(Dating.Bucket);
        foreach (var (edge, tenant, held) in losses) audit.Lose(tenant, held.Limit, edge, held.Expiry, held.Tokens);
        foreach (var (tenant, limit) in Plans.Zip(["day", .. Plans[1..]]))
            audit.Left(tenant, limit, await LeftAsync(fleet, tenant, limit));
        var verdict = audit.Conclude();
        verdict.Findings.ShouldBeEmpty(verdict.ToString());
        // The windows know nothing any more of those that died; the day keeps what they held.
        foreach (var plan in Plans[1..])
            (await fleet.Edges[0].DrainAsync(plan)).ShouldBeGreaterThanOrEqualTo(fleet.NumberOf(plan, plan), plan);
        var left = await LeftAsync(fleet, "quota", "day");
        (await fleet.Edges[0].DrainAsync("quota")).ShouldBe(left);
        fleet.ShouldBeWithinEveryLimit();
    }

    private static async Task<long> LeftAsync(ProcessFleet fleet, string tenant, string limit)
    {
        long? left = null;
        await RealTime.UntilAsync(
            async () => (left = await fleet.Edges[0].LeftAsync(tenant, limit)) is not null, "the store answers");
        return left!.Value;
    }

    // It alone is ever asked about this tenant, so it is the one edge that the tenant's bucket knows.
    private static async Task<EdgeId> IdOfAsync(ProcessFleet fleet, EdgeProcess edge)
    {
        var tenant = $"only{edge.Number}";
        await fleet.RegisterAsync(tenant, "quota");
        (await edge.DecideAsync(tenant, 1)).Fate.ShouldBe(Fate.Allowed);
        return fleet.Store.OnlyEdgeOf(tenant);
    }
}
