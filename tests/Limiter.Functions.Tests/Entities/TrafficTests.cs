using Limiter.Domain.Decisions;
using Limiter.Functions.Host.Entities;
using Limiter.Functions.Tests.Kit;

namespace Limiter.Functions.Tests.Entities;

/// <summary>How often entities are asked: each operation costs money and time.</summary>
public sealed class TrafficTests
{
    [Fact]
    public async Task A_warm_tenant_s_check_does_not_touch_its_entity()
    {
        await using var edges = new Edges(Policies.Shipped("waqti"), 1, Delivery.Prompt);
        await edges.RegisterAsync("acme", "professional");
        for (var i = 0; i < 5; i++) await edges.CheckAsync(0, "acme");
        await edges.QuietAsync();
        var (operations, reads) = (edges.Host.Operations, edges.Host.Reads);
        var decision = new Decision();
        for (var i = 0; i < 5; i++)
        {
            edges.TryCheck(0, "acme", decision).IsCompletedSuccessfully.ShouldBeTrue();
            decision.Outcome.ShouldBe(Outcome.Allowed);
            decision.Mode.ShouldBe(DecisionMode.Leased);
        }
        (edges.Host.Operations, edges.Host.Reads).ShouldBe((operations, reads));
    }

    [Fact]
    public async Task A_million_checks_of_one_hot_tenant_take_at_most_ten_thousand_operations()
    {
        await using var edges = new Edges(Policies.Hot(), 1, Delivery.Prompt);
        await edges.RegisterAsync("acme", "basic");
        var decision = new Decision();
        var denied = 0;
        for (var second = 0; second < 1_000; second++)
        {
            for (var i = 0; i < 1_000; i++)
            {
                await edges.TryCheck(0, "acme", decision);
                if (decision.Outcome != Outcome.Allowed) denied++;
                if (i % 100 == 99) await edges.AdvanceAsync(TimeSpan.FromMilliseconds(100));
            }
        }
        denied.ShouldBe(0);
        edges.Host.Operations.ShouldBeLessThanOrEqualTo(10_000);
        TestContext.Current.SendDiagnosticMessage($"{edges.Host.Operations} operations, {edges.Host.Reads} reads");
    }

    [Fact]
    public async Task A_flood_that_is_refused_asks_a_few_times_a_window_and_not_once_each()
    {
        await using var edges = new Edges(Policies.FiftyAMinute(), 1, Delivery.Prompt);
        await edges.RegisterAsync("acme", "basic");
        for (var i = 0; i < 50; i++) await edges.CheckAsync(0, "acme");
        (await edges.CheckAsync(0, "acme")).Outcome.ShouldBe(Outcome.Denied);
        var operations = edges.Host.Operations;
        for (var i = 0; i < 500; i++)
        {
            (await edges.CheckAsync(0, "acme")).Outcome.ShouldBe(Outcome.Denied);
            await edges.AdvanceAsync(TimeSpan.FromMilliseconds(100));
        }
        (edges.Host.Operations - operations).ShouldBeLessThan(10);
    }
}
