using Limiter.Domain.Decisions;
using Limiter.Engine.Checks;
using Limiter.Engine.Tests.Kit;

namespace Limiter.Engine.Tests.Checks;

public sealed class RememberedTests
{
    private static readonly Check Acme = Edges.Get("acme");

    [Fact]
    public async Task A_repeated_check_counts_once_and_has_the_same_answer()
    {
        await using var edges = await TenAsync();
        var first = await edges.CheckAsync(Acme with { Id = "a" });
        await edges.CheckAsync(Acme);
        var again = await edges.CheckAsync(Acme with { Id = "a" });
        (again.Outcome, again.CheckId, again.SpentAt).ShouldBe((first.Outcome, first.CheckId, first.SpentAt));
        again.Limits[0].ShouldBe(first.Limits[0]);
        (await edges.AdmittedAsync(20, Acme)).ShouldBe(8);
    }

    [Fact]
    public async Task Checks_of_one_id_at_the_same_time_count_once()
    {
        await using var edges = await TenAsync();
        edges.Way().Hold();
        var checks = Enumerable.Range(0, 30).Select(_ => edges.CheckAsync(Acme with { Id = "a" })).ToArray();
        await edges.Way().Arrived;
        edges.Way().Release();
        var decisions = await Task.WhenAll(checks);
        decisions.Select(decision => decision.CheckId).Distinct().Count().ShouldBe(1);
        (await edges.AdmittedAsync(20, Acme)).ShouldBe(9);
    }

    [Fact]
    public async Task Another_request_under_the_same_id_is_refused_and_learns_nothing()
    {
        await using var edges = await TenAsync();
        await edges.SaveAsync("rival", "small");
        await edges.CheckAsync(Acme with { Id = "a" });
        var decision = await edges.CheckAsync(Edges.Get("rival") with { Id = "a" });
        (decision.Outcome, decision.Refusal).ShouldBe((Outcome.Refused, Refusal.IdReused));
        (decision.Tenant, decision.CheckId, decision.Limits.Length).ShouldBe((default, 0UL, 0));
        decision.Policy.ShouldNotBeNull();
    }

    [Fact]
    public async Task A_denied_check_is_not_remembered()
    {
        await using var edges = await TenAsync();
        await edges.AdmittedAsync(10, Acme);
        (await edges.CheckAsync(Acme with { Id = "a" })).Outcome.ShouldBe(Outcome.Denied);
        await edges.AdvanceAsync(60_000);
        (await edges.CheckAsync(Acme with { Id = "a" })).Outcome.ShouldBe(Outcome.Allowed);
    }

    [Fact]
    public async Task A_process_that_starts_again_remembers_the_checks_of_the_one_before()
    {
        await using var edges = await TenAsync();
        var first = await edges.CheckAsync(Acme with { Id = "a" });
        await edges.CheckAsync(Acme with { Id = "b" });
        await edges[0].CloseAsync(default);

        var restarted = edges.Add();
        await edges[restarted].LoadAsync(default);
        var again = await edges.CheckAsync(Acme with { Id = "a" }, restarted);

        (again.Outcome, again.CheckId, again.SpentAt, again.Mode)
            .ShouldBe((first.Outcome, first.CheckId, first.SpentAt, first.Mode));
        again.Limits[0].ShouldBe(first.Limits[0]);
        (await edges.CheckAsync(Edges.Post("acme") with { Id = "b" }, restarted)).Refusal.ShouldBe(Refusal.IdReused);
        (await edges.AdmittedAsync(20, Acme, restarted)).ShouldBe(8);
    }

    [Fact]
    public async Task A_restarted_process_still_says_what_a_shadow_limit_would_have_denied()
    {
        await using var edges = new Edges(Policies.Compile(
            """
            {
              "policy": "shadowed",
              "limits": {
                "minute": { "algorithm": "fixedWindow", "window": "60s", "number": 10 },
                "tried": { "algorithm": "fixedWindow", "window": "60s", "number": 1, "shadow": true }
              },
              "plans": { "small": {} },
              "response": { "describe": "minute", "reset": "unix", "denied": { "error": "denied" } }
            }
            """));
        await edges.SaveAsync("acme", "small");
        await edges.CheckAsync(Acme);
        var first = await edges.CheckAsync(Acme with { Id = "a" });
        first.Limits[1].WouldDeny.ShouldBeTrue();
        await edges[0].CloseAsync(default);
        var restarted = edges.Add();
        await edges[restarted].LoadAsync(default);
        var again = await edges.CheckAsync(Acme with { Id = "a" }, restarted);
        again.CheckId.ShouldBe(first.CheckId);
        again.Limits[1].ShouldBe(first.Limits[1]);
        again.IsShadowed.ShouldBeTrue();
    }

    [Fact]
    public async Task A_check_is_remembered_for_ten_minutes()
    {
        await using var edges = await TenAsync();
        var first = await edges.CheckAsync(Acme with { Id = "a" });
        await edges.AdvanceAsync(599_999);
        (await edges.CheckAsync(Acme with { Id = "a" })).CheckId.ShouldBe(first.CheckId);
        await edges.AdvanceAsync(1);
        (await edges.CheckAsync(Acme with { Id = "a" })).CheckId.ShouldNotBe(first.CheckId);
    }

    [Fact]
    public async Task The_oldest_of_a_hundred_thousand_leaves_first()
    {
        await using var edges = new Edges(Policies.Compile(
            """
            {
              "policy": "free",
              "limits": { "day": { "algorithm": "calendar", "window": "day", "number": "unlimited" } },
              "plans": { "only": {} },
              "response": { "describe": "day", "reset": "unix", "denied": { "error": "denied" } }
            }
            """));
        await edges.SaveAsync("acme", "only");
        var first = await edges.CheckAsync(Acme with { Id = "0" });
        var second = await edges.CheckAsync(Acme with { Id = "1" });
        for (var i = 2; i <= 100_000; i++) await edges.CheckAsync(Acme with { Id = $"{i}" });
        (await edges.CheckAsync(Acme with { Id = "1" })).CheckId.ShouldBe(second.CheckId);
        (await edges.CheckAsync(Acme with { Id = "0" })).CheckId.ShouldNotBe(first.CheckId);
    }

    private static async Task<Edges> TenAsync()
    {
        var edges = new Edges(Policies.TenAMinute());
        await edges.SaveAsync("acme", "small");
        return edges;
    }
}
