using Limiter.Domain.Escrow;
using Limiter.Domain.Policies;
using Limiter.Engine.Callers;
using Limiter.Engine.Checks;
using Limiter.Engine.Tests.Kit;

namespace Limiter.Engine.Tests.Reloads;

/// <summary>A check is corrected after another policy came into force.</summary>
public sealed class CorrectionTests
{
    private static readonly Policy Before = Of("search", "\"search\"");

    [Fact]
    public async Task A_refund_goes_to_no_limit_that_had_not_counted_the_check()
    {
        await using var edges = new Edges(Before);
        await edges.SaveAsync("acme", "only");
        (await edges.AdmittedAsync(6, Edges.Get("acme", "/search"))).ShouldBe(6);
        var check = await edges.CheckAsync(Edges.Get("acme", cost: 5));
        // From now on the extra limit counts everything; it goes on with what was used of it.
        edges[0].Adopt(new PolicyInForce(Of("search", "\"search\", \"other\""), 2)).ShouldBeTrue();
        (await edges.PeekAsync(Edges.Get("acme"))).Limits[1].Remaining.ShouldBe(4);
        (await edges[0].ChargeAsync(AdmittedCheck.Of(check), 1, default)).ShouldBe(ChargeOutcome.Applied);
        var left = (await edges.PeekAsync(Edges.Get("acme"))).Limits;
        left[0].Remaining.ShouldBe(100 - 6 - 1);
        left[1].Remaining.ShouldBe(4);
        (await edges.AdmittedAsync(10, Edges.Get("acme", "/search"))).ShouldBe(4);
    }

    [Fact]
    public async Task What_is_charged_more_reaches_no_other_limit_either()
    {
        await using var edges = new Edges(Before);
        await edges.SaveAsync("acme", "only");
        var check = await edges.CheckAsync(Edges.Get("acme", cost: 5));
        edges[0].Adopt(new PolicyInForce(Of("search", "\"search\", \"other\""), 2)).ShouldBeTrue();
        (await edges[0].ChargeAsync(AdmittedCheck.Of(check), 9, default)).ShouldBe(ChargeOutcome.Applied);
        var left = (await edges.PeekAsync(Edges.Get("acme"))).Limits;
        (left[0].Remaining, left[1].Remaining).ShouldBe((91, 10));
    }

    [Fact]
    public async Task A_check_whose_rule_has_another_name_now_is_corrected_all_the_same()
    {
        await using var edges = new Edges(Before);
        await edges.SaveAsync("acme", "only");
        var check = await edges.CheckAsync(Edges.Get("acme", "/search", cost: 5));
        edges[0].Adopt(new PolicyInForce(Of("find", "\"find\""), 2)).ShouldBeTrue();
        (await edges[0].ChargeAsync(AdmittedCheck.Of(check), 1, default)).ShouldBe(ChargeOutcome.Applied);
        var left = (await edges.PeekAsync(Edges.Get("acme", "/search"))).Limits;
        (left[0].Remaining, left[1].Remaining).ShouldBe((99, 9));
    }

    [Fact]
    public async Task Nothing_is_corrected_where_no_limit_is_left_that_counted_the_check()
    {
        var shared = Policies.PerEverything(10, 10, 10);
        await using var edges = new Edges(shared);
        await edges.SaveAsync("acme", "small");
        await edges.AddKeyAsync("acme", "k1");
        var check = await edges.CheckAsync(Edges.Get("acme") with
        {
            Key = "k1",
            Address = System.Net.IPAddress.Parse("203.0.113.9"),
        });
        var admitted = AdmittedCheck.Of(check) with { Counting = "tenant:gone" };
        (await edges[0].ChargeAsync(admitted, 0, default)).ShouldBe(ChargeOutcome.Expired);
        (await edges[0].ChargeAsync(AdmittedCheck.Of(check), 0, default)).ShouldBe(ChargeOutcome.Applied);
    }

    private static Policy Of(string group, string counted) => Policies.Compile(
        $$"""
        {
          "policy": "grouped",
          "limits": {
            "minute": { "algorithm": "fixedWindow", "window": "60s", "number": 100 },
            "extra": { "algorithm": "fixedWindow", "window": "60s", "number": 10, "groups": [{{counted}}] }
          },
          "plans": { "only": {} },
          "endpoints": [{ "group": "{{group}}", "match": "GET /search" }, { "group": "other", "match": "GET /*" }],
          "cost": { "min": 1, "max": 10 },
          "response": { "describe": "minute", "reset": "unix", "denied": { "error": "denied" } }
        }
        """);
}
