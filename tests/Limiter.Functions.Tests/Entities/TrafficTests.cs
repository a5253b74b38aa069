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

    // Operations a minute, by the number of edges and the lifetime of leases. docs/operations.md computes with them.
    [Theory]
    [InlineData("minute", 1, 10_000, 14)]
    [InlineData("minute", 10, 10_000, 110)]
    [InlineData("minute", 10, 30_000, 62)]
    [InlineData("waqti", 1, 10_000, 10)]
    [InlineData("waqti", 4, 10_000, 40)]
    [InlineData("waqti", 20, 10_000, 600)]
    [InlineData("waqti", 20, 30_000, 250)]
    [InlineData("hot", 1, 10_000, 50)]
    public async Task A_tenant_s_ten_checks_a_second_ask_its_entity_now_and_then(
        string policy, int count, int leaseMs, int perMinuteMax)
    {
        const int minutes = 20;
        const int perSecond = 10;
        // Far from the number of a fixed minute; at 600 of 1,000 of a sliding one; a token bucket that stays full.
        var (limits, plan) = policy switch
        {
            "minute" => (Policies.Minute(90_000, "closed"), "basic"),
            "hot" => (Policies.Hot(), "basic"),
            _ => (Policies.Shipped(policy), "enterprise"),
        };
        await using var edges = new Edges(limits, count, Delivery.Prompt, leaseMs);
        await edges.RegisterAsync("acme", plan);
        for (var i = 0; i < minutes * 60 * perSecond; i++)
        {
            var decision = new Decision();
            await edges.TryCheck(i % count, "acme", decision);
            decision.Outcome.ShouldBe(Outcome.Allowed);
            await edges.AdvanceAsync(TimeSpan.FromSeconds(1) / perSecond);
        }
        TestContext.Current.SendDiagnosticMessage(
            $"{policy}, {count} edges, {leaseMs} ms: {edges.Host.Operations} operations in {minutes} minutes");
        edges.Host.Operations.ShouldBeLessThanOrEqualTo(perMinuteMax * minutes);
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
