using Limiter.Domain.Decisions;
using Limiter.Domain.Escrow;
using Limiter.Engine.Checks;
using Limiter.Engine.Leases;
using Limiter.Engine.Tests.Kit;

namespace Limiter.Engine.Tests.Checks;

/// <summary>What an open policy admitted in an outage is charged afterwards.</summary>
public sealed class OwedTests
{
    private static readonly Check Acme = Edges.Get("acme");

    [Theory]
    [InlineData(true, 10)]
    [InlineData(false, 6)]
    public async Task What_was_admitted_in_an_outage_counts_from_then_where_the_edge_knows_the_buckets_time(
        bool isKnown, int left)
    {
        await using var edges = await OpenAsync(2);
        if (isKnown) (await edges.CheckAsync(Acme)).Mode.ShouldBe(DecisionMode.Exact);
        edges.Way().Fault = Fault.Fails;
        for (var i = 0; i < 4; i++) (await edges.CheckAsync(Acme)).Mode.ShouldBe(DecisionMode.Degraded);
        await edges.AdvanceAsync(62_000);
        edges.Way().Fault = Fault.None;
        await edges.AdvanceAsync(30_000);
        (await edges.AdmittedAsync(20, Acme, 1)).ShouldBe(left);
    }

    [Theory]
    [InlineData(0, 5)]
    [InlineData(3, 3)]
    public async Task What_was_admitted_in_an_outage_may_be_corrected_upward_alone(long trueCost, int left)
    {
        await using var edges = await OpenAsync();
        (await edges.CheckAsync(Acme)).Mode.ShouldBe(DecisionMode.Exact);
        edges.Way().Fault = Fault.Fails;
        AdmittedCheck admitted = default;
        for (var i = 0; i < 4; i++) admitted = AdmittedCheck.Of(await edges.CheckAsync(Acme));
        edges.Way().Fault = Fault.None;
        await edges.AdvanceAsync(1_100);
        await edges.AdvanceAsync(1_100);
        for (var i = 0; i < 2; i++)
            (await edges[0].ChargeAsync(admitted, trueCost, default))
                .ShouldBe(i == 0 ? ChargeOutcome.Applied : ChargeOutcome.Repeated);
        (await edges.AdmittedAsync(20, Acme)).ShouldBe(left);
    }

    [Fact]
    public async Task A_second_outage_is_charged_as_the_first_was()
    {
        await using var edges = await OpenAsync();
        for (var outage = 0; outage < 2; outage++)
        {
            edges.Way().Fault = Fault.Fails;
            for (var i = 0; i < 4; i++) (await edges.CheckAsync(Acme)).Mode.ShouldBe(DecisionMode.Degraded);
            edges.Way().Fault = Fault.None;
            await edges.AdvanceAsync(1_100);
            await edges.AdvanceAsync(1_100);
            if (outage == 1) (await edges.AdmittedAsync(20, Acme)).ShouldBe(6);
            // Long enough for the holder to retire, having told what it owes.
            await edges.AdvanceAsync(120_000);
            edges[0].BucketsInUse.ShouldBe(0);
        }
    }

    [Fact]
    public async Task What_an_idle_edge_owes_is_charged_without_another_check()
    {
        await using var edges = await OpenAsync(2);
        edges.Way().Fault = Fault.Fails;
        for (var i = 0; i < 4; i++) await edges.CheckAsync(Acme);
        edges.Way().Fault = Fault.None;
        await edges.AdvanceAsync(30_000);
        (await edges.AdmittedAsync(20, Acme, 1)).ShouldBe(6);
    }

    private static async Task<Edges> OpenAsync(int count = 1)
    {
        var edges = new Edges(
            Policies.TenAMinute("\"open\""), count, new LeaseOptions { LifetimeMs = 10_000 });
        await edges.SaveAsync("acme", "small");
        return edges;
    }
}
