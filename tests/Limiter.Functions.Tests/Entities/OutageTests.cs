using Limiter.Domain.Decisions;
using Limiter.Functions.Host.Entities;
using Limiter.Functions.Tests.Kit;

namespace Limiter.Functions.Tests.Entities;

public sealed class OutageTests
{
    [Fact]
    public async Task Checks_on_a_held_lease_go_on_others_are_refused_and_nothing_is_lost()
    {
        await using var edges = new Edges(Policies.Shipped("waqti"), 1, Delivery.Prompt);
        await edges.RegisterAsync("warm", "professional");
        await edges.RegisterAsync("cold", "professional");
        var admitted = 0;
        for (var i = 0; i < 10; i++) admitted += await AdmitAsync(edges, "warm");
        await edges.QuietAsync();
        edges.Host.IsDown = true;
        (await edges.CheckAsync(0, "warm")).Mode.ShouldBe(DecisionMode.Leased);
        admitted++;
        for (var i = 0; i < 20; i++)
        {
            (await edges.CheckAsync(0, "cold")).Outcome.ShouldBe(Outcome.Refused);
            admitted += await AdmitAsync(edges, "warm");
        }
        edges.Host.IsDown = false;
        for (var i = 0; i < 700; i++)
        {
            admitted += await AdmitAsync(edges, "warm");
            if (i % 100 == 99) await edges.AdvanceAsync(TimeSpan.FromMilliseconds(20));
        }
        admitted.ShouldBeLessThanOrEqualTo(300);
        // The probe that ends an outage goes by the true clock, so what comes back at once is not told.
        admitted.ShouldBeGreaterThan(10);
    }

    private static async Task<int> AdmitAsync(Edges edges, string tenant) =>
        (await edges.CheckAsync(0, tenant)).Outcome == Outcome.Allowed ? 1 : 0;
}
