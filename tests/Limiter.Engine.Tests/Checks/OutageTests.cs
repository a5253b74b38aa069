using System.Net;
using Limiter.Domain.Decisions;
using Limiter.Engine.Checks;
using Limiter.Engine.Leases;
using Limiter.Engine.Tests.Kit;

namespace Limiter.Engine.Tests.Checks;

/// <summary>What happens while a bucket cannot be reached, and after.</summary>
public sealed class OutageTests
{
    private static readonly Check Acme = Edges.Get("acme");

    [Fact]
    public async Task A_closed_policy_refuses_and_says_when_to_try_again()
    {
        await using var edges = await OfAsync("\"closed\"");
        edges.Way().Fault = Fault.Fails;
        var decision = await edges.CheckAsync(Acme);
        (decision.Outcome, decision.Refusal).ShouldBe((Outcome.Refused, Refusal.Unreachable));
        (decision.RetryAt - edges.Now).ShouldBe(1_000);
        edges.Failures.Count.ShouldBe(1);
        edges.Way().Fault = Fault.None;
        await edges.AdvanceAsync(1_000);
        (await edges.AdmittedAsync(11, Acme)).ShouldBe(10);
    }

    [Fact]
    public async Task A_bucket_that_cannot_be_read_fails_alone()
    {
        await using var edges = await OfAsync("\"closed\"");
        await edges.SaveAsync("other", "small");
        edges.Way().Damaged = Edges.Tenant("acme");
        for (var i = 0; i < 3; i++)
        {
            (await edges.CheckAsync(Acme)).Refusal.ShouldBe(Refusal.Unreachable);
            (await edges.CheckAsync(Edges.Get("other"))).Outcome.ShouldBe(Outcome.Allowed);
        }
    }

    [Fact]
    public async Task What_is_admitted_in_an_outage_is_not_told_as_remaining()
    {
        await using var edges = await OfAsync("\"open\"");
        edges.Way().Fault = Fault.Fails;
        for (var left = 9; left >= 6; left--)
            (await edges.CheckAsync(Acme)).Limits[0].Remaining.ShouldBe(left);
    }

    [Theory]
    [InlineData(nameof(Fault.Fails))]
    [InlineData(nameof(Fault.LosesReply))]
    public async Task An_open_policy_admits_marks_and_charges_once_on_recovery(string recovery)
    {
        await using var edges = await OfAsync("\"open\"");
        edges.Way().Fault = Fault.Fails;
        for (var i = 0; i < 4; i++)
        {
            var decision = await edges.CheckAsync(Acme);
            (decision.Outcome, decision.Mode).ShouldBe((Outcome.Allowed, DecisionMode.Degraded));
            decision.Limits.Length.ShouldBe(1);
        }
        // The first request that gets through may lose its reply: its check is admitted on the policy's word too.
        edges.Way().Fault = Enum.Parse<Fault>(recovery);
        await edges.AdvanceAsync(1_100);
        (await edges.CheckAsync(Acme)).Mode.ShouldBe(DecisionMode.Degraded);
        edges.Way().Fault = Fault.None;
        await edges.AdvanceAsync(1_100);
        var lost = recovery == nameof(Fault.LosesReply) ? 1 : 0;
        (await edges.CheckAsync(Acme)).Limits[0].Remaining.ShouldBeInRange(4 - lost, 4);
        (await edges.AdmittedAsync(10, Acme)).ShouldBeInRange(4 - lost, 4);
    }

    [Fact]
    public async Task A_local_policy_admits_this_edges_share_and_charges_it()
    {
        await using var edges = await OfAsync("{ \"local\": \"30%\" }");
        edges.Way().Fault = Fault.Fails;
        (await edges.AdmittedAsync(10, Acme)).ShouldBe(3);
        var denied = await edges.CheckAsync(Acme);
        (denied.Outcome, denied.Mode).ShouldBe((Outcome.Denied, DecisionMode.Degraded));
        denied.RetryAfterSeconds.ShouldBe(60);
        edges.Way().Fault = Fault.None;
        await edges.AdvanceAsync(1_100);
        (await edges.AdmittedAsync(20, Acme)).ShouldBe(7);
    }

    [Fact]
    public async Task A_local_share_that_can_never_hold_a_cost_refuses_with_a_time_to_try_again()
    {
        await using var edges = await OfAsync("{ \"local\": \"30%\" }");
        edges.Way().Fault = Fault.Fails;
        var decision = await edges.CheckAsync(Edges.Get("acme", cost: 5));
        (decision.Outcome, decision.Refusal).ShouldBe((Outcome.Refused, Refusal.Unreachable));
        decision.RetryAfterSeconds.ShouldBe(1);
    }

    [Fact]
    public async Task What_an_edge_holds_it_goes_on_spending_and_does_not_ask_for_each()
    {
        await using var edges = await OfAsync("\"closed\"", plan: "big");
        await edges.AdmittedAsync(30, Acme);
        await edges.QuietAsync();
        edges.Way().Fault = Fault.Fails;
        var calls = edges.Way().Calls;
        var admitted = 0;
        while (await edges.AdmittedAsync(1, Acme) == 1)
        {
            admitted++;
            await edges.QuietAsync();
        }
        admitted.ShouldBeGreaterThan(2);
        (edges.Way().Calls - calls).ShouldBeInRange(1, 2);
    }

    [Fact]
    public async Task A_silent_bucket_is_waited_for_within_bounds_and_then_not_at_all()
    {
        await using var edges = await OfAsync("\"closed\"");
        edges.Way().Fault = Fault.IsSilent;
        var waiting = edges.CheckAsync(Acme);
        waiting.IsCompleted.ShouldBeFalse();
        edges.WaitClock.Advance(TimeSpan.FromMilliseconds(499));
        waiting.IsCompleted.ShouldBeFalse();
        edges.WaitClock.Advance(TimeSpan.FromMilliseconds(1));
        (await waiting).Refusal.ShouldBe(Refusal.Unreachable);
        await edges.QuietAsync();
        var calls = edges.Way().Calls;
        for (var i = 0; i < 100; i++)
        {
            var answered = edges.CheckAsync(Acme);
            answered.IsCompleted.ShouldBeTrue();
            (await answered).Refusal.ShouldBe(Refusal.Unreachable);
        }
        edges.Way().Calls.ShouldBe(calls);
        edges.Way().Fault = Fault.None;
        edges.WaitClock.Advance(TimeSpan.FromSeconds(1));
        (await edges.CheckAsync(Acme)).Outcome.ShouldBe(Outcome.Allowed);
    }

    [Fact]
    public async Task A_reply_that_cannot_be_read_leaves_nobody_waiting()
    {
        await using var edges = await OfAsync("\"closed\"");
        edges.Way().Fault = Fault.Garbles;
        (await edges.CheckAsync(Acme).WaitAsync(TimeSpan.FromSeconds(10))).Refusal.ShouldBe(Refusal.Unreachable);
        edges.Failures.ShouldNotBeEmpty();
        edges.Way().Fault = Fault.None;
        await edges.AdvanceAsync(1_100);
        (await edges.CheckAsync(Acme).WaitAsync(TimeSpan.FromSeconds(10))).Outcome.ShouldBe(Outcome.Allowed);
    }

    [Fact]
    public async Task A_request_that_arrives_after_it_was_given_up_changes_nothing()
    {
        await using var edges = await OfAsync("\"closed\"", plan: "big");
        edges.Way().Hold();
        var first = edges.CheckAsync(Acme);
        await edges.Way().Arrived;
        edges.WaitClock.Advance(TimeSpan.FromMilliseconds(500));
        (await first).Refusal.ShouldBe(Refusal.Unreachable);
        edges.WaitClock.Advance(TimeSpan.FromSeconds(1));
        edges.Way().Release();
        (await edges.AdmittedAsync(1_200, Acme)).ShouldBeInRange(999, 1_000);
    }

    [Fact]
    public async Task Of_several_buckets_one_out_of_reach_is_enough_and_nothing_is_kept_of_the_others()
    {
        await using var edges = new Edges(Policies.PerEverything(10, 10, 10));
        await edges.SaveAsync("acme", "small");
        await edges.AddKeyAsync("acme", "k");
        var check = Acme with { Key = "k", Address = IPAddress.Loopback };
        edges.Way().Choose = request => request.Terms.Limits.Length > 1
            && request.Terms.Limits[1].Rule.Id.Name == "ip" ? Fault.Fails : Fault.None;
        for (var i = 0; i < 3; i++)
        {
            (await edges.CheckAsync(check)).Refusal.ShouldBe(Refusal.Unreachable);
            await edges.AdvanceAsync(1_100);
        }
        edges.Way().Choose = null;
        (await edges.AdmittedAsync(20, check)).ShouldBe(10);
    }

    private static async Task<Edges> OfAsync(string whenUnreachable, int count = 1, string plan = "small")
    {
        var edges = new Edges(Policies.TenAMinute(whenUnreachable), count, new LeaseOptions { LifetimeMs = 10_000 });
        await edges.SaveAsync("acme", plan);
        return edges;
    }
}
