using Limiter.Domain.Decisions;
using Limiter.Domain.Policies;
using Limiter.Engine.Callers;
using Limiter.Engine.Checks;
using Limiter.Engine.Leases;
using Limiter.Engine.Tests.Kit;

namespace Limiter.Engine.Tests.Reloads;

/// <summary>Another policy comes into force while the edge goes on.</summary>
public sealed class ReloadTests
{
    private static readonly Check Acme = Edges.Get("acme");

    // The same minute in the middle and alone; the others come and go, so that its position changes.
    private static readonly Policy Wide = Of(10,
        """
        "first": { "algorithm": "slidingWindow", "window": "60s", "number": 500 },
        "minute": { "algorithm": "fixedWindow", "window": "60s" },
        "burst": { "algorithm": "tokenBucket", "window": "60s", "number": 500 }
        """);

    private static readonly Policy Narrow = Of(10, """ "minute": { "algorithm": "fixedWindow", "window": "60s" } """);

    [Fact]
    public async Task What_was_used_of_a_limit_with_the_same_name_and_rule_still_counts()
    {
        await using var edges = new Edges(Wide);
        await edges.SaveAsync("acme", "small");
        (await edges.AdmittedAsync(4, Acme)).ShouldBe(4);
        edges[0].Adopt(new PolicyInForce(Narrow, 2)).ShouldBeTrue();
        var decision = await edges.CheckAsync(Acme);
        decision.Policy.ShouldBe(Narrow);
        decision.Limits.Length.ShouldBe(1);
        decision.Limits[0].Remaining.ShouldBe(5);
        edges[0].Adopt(new PolicyInForce(Wide, 3)).ShouldBeTrue();
        (await edges.CheckAsync(Acme)).Limits[1].Remaining.ShouldBe(4);
        (await edges.AdmittedAsync(50, Acme)).ShouldBe(4);
    }

    [Fact]
    public async Task An_older_generation_never_comes_back()
    {
        await using var edges = new Edges(Wide);
        edges[0].Adopt(new PolicyInForce(Narrow, 3)).ShouldBeTrue();
        edges[0].Adopt(new PolicyInForce(Wide, 2)).ShouldBeFalse();
        edges[0].Adopt(new PolicyInForce(Wide, 3)).ShouldBeFalse();
        edges[0].Policy.Policy.ShouldBe(Narrow);
    }

    [Fact]
    public async Task A_check_that_waits_for_its_bucket_is_decided_by_the_new_policy()
    {
        await using var edges = new Edges(Wide);
        await edges.SaveAsync("acme", "small");
        await edges.CheckAsync(Acme);
        edges.Way().Hold();
        // The first is on its way to the bucket, the second waits behind it, and the third brings newer terms.
        var first = edges.CheckAsync(Acme);
        await edges.Way().Arrived;
        var second = edges.CheckAsync(Acme with { Cost = null, Method = "POST" });
        edges[0].Adopt(new PolicyInForce(Narrow, 2));
        var third = edges.CheckAsync(Acme);
        edges.Way().Release();
        var decisions = await Task.WhenAll(first, second, third);
        decisions.ShouldAllBe(decision => decision.Outcome == Outcome.Allowed);
        decisions[2].Policy.ShouldBe(Narrow);
        (await edges.AdmittedAsync(50, Acme)).ShouldBe(6);
    }

    [Fact]
    public async Task A_known_tenant_is_not_read_again_because_of_a_reload()
    {
        await using var edges = new Edges(Wide);
        await edges.SaveAsync("acme", "small");
        await edges.CheckAsync(Acme);
        edges.Directory.Fails = true;
        edges[0].Adopt(new PolicyInForce(Narrow, 2));
        var decision = await edges.CheckAsync(Acme);
        decision.Outcome.ShouldBe(Outcome.Allowed);
        decision.Policy.ShouldBe(Narrow);
    }

    [Fact]
    public async Task A_tenant_whose_plan_is_gone_is_unknown_until_it_is_back()
    {
        await using var edges = new Edges(Policies.TenAMinute());
        await edges.SaveAsync("acme", "big");
        await edges.CheckAsync(Acme);
        edges[0].Adopt(new PolicyInForce(Narrow, 2));
        (await edges.CheckAsync(Acme)).Refusal.ShouldBe(Refusal.UnknownTenant);
        edges[0].Adopt(new PolicyInForce(Policies.TenAMinute(), 3));
        (await edges.CheckAsync(Acme)).Outcome.ShouldBe(Outcome.Allowed);
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 2)]
    [InlineData(3, 2)]
    public async Task Under_load_nothing_fails_and_nothing_goes_over(int seed, int count)
    {
        await using var edges = new Edges(Wide, count);
        await edges.SaveAsync("acme", "small");
        var admitted = 0;
        var refused = 0;
        var random = new Random(seed);
        var rounds = Enumerable.Range(0, 60).Select(_ => random.Next(1, 40)).ToArray();
        using var stop = new CancellationTokenSource();
        var senders = Enumerable.Range(0, 4).Select(sender => Task.Run(async () =>
        {
            while (!stop.IsCancellationRequested)
            {
                var decision = await edges.CheckAsync(Acme, sender % count);
                if (decision.Outcome == Outcome.Allowed) Interlocked.Increment(ref admitted);
                else if (decision.Outcome == Outcome.Refused) Interlocked.Increment(ref refused);
            }
        })).ToArray();
        var generation = 1;
        foreach (var pause in rounds)
        {
            for (var i = 0; i < pause; i++) await Task.Yield();
            generation++;
            for (var edge = 0; edge < count; edge++)
                edges[edge].Adopt(new PolicyInForce(generation % 2 == 0 ? Narrow : Wide, generation));
        }
        await stop.CancelAsync();
        await Task.WhenAll(senders);
        refused.ShouldBe(0);
        admitted.ShouldBeLessThanOrEqualTo(10);
        edges.Failures.ShouldBeEmpty();
        (admitted + await edges.AdmittedAsync(20, Acme)).ShouldBeLessThanOrEqualTo(10);
        await edges.AdvanceAsync(61_000);
        (await edges.AdmittedAsync(20, Acme)).ShouldBe(10);
    }

    [Fact]
    public async Task What_was_admitted_during_an_outage_is_charged_under_the_policy_that_followed()
    {
        var (wide, narrow) = (Of(10, Minute("60s"), "\"open\""), Of(10, """
            "other": { "algorithm": "tokenBucket", "window": "60s", "number": 500 },
            """ + Minute("60s"), "\"open\""));
        await using var edges = new Edges(wide, options: new LeaseOptions { LifetimeMs = 0 });
        await edges.SaveAsync("acme", "small");
        await edges.CheckAsync(Acme);
        edges.Way().Fault = Fault.Fails;
        (await edges.AdmittedAsync(3, Acme)).ShouldBe(3);
        edges[0].Adopt(new PolicyInForce(narrow, 2));
        (await edges.AdmittedAsync(2, Acme)).ShouldBe(2);
        edges.Way().Fault = Fault.None;
        await edges.AdvanceAsync(2_000);
        (await edges.CheckAsync(Acme)).Limits[1].Remaining.ShouldBe(3);
        (await edges.CheckAsync(Acme)).Limits[0].Remaining.ShouldBeGreaterThan(490);
    }

    private static string Minute(string window) =>
        $$"""
        "minute": { "algorithm": "fixedWindow", "window": "{{window}}" }
        """;

    private static Policy Of(int number, string limits, string whenUnreachable = "\"closed\"") => Policies.Compile(
        $$"""
        {
          "policy": "reloaded",
          "limits": { {{limits}} },
          "plans": { "small": { "minute": {{number}} } },
          "whenUnreachable": {{whenUnreachable}},
          "response": { "describe": "minute", "reset": "unix", "denied": { "error": "denied" } }
        }
        """);
}
