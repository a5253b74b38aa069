using Limiter.Domain.Decisions;
using Limiter.Engine.Checks;
using Limiter.Engine.Leases;
using Limiter.Engine.Tests.Kit;

namespace Limiter.Engine.Tests.Leases;

/// <summary>One request that has no answer is sent once more; only when that has none either is it an outage.</summary>
public sealed class ResendingTests
{
    private static readonly Check Acme = Edges.Get("acme");

    [Theory]
    [InlineData(nameof(Fault.Fails))]
    [InlineData(nameof(Fault.LosesReply))]
    public async Task A_request_that_fails_is_sent_again_at_once_under_its_number(string fault)
    {
        await using var edges = await OfAsync();
        var numbers = FailOnce(edges, Enum.Parse<Fault>(fault));
        var decision = await edges.CheckAsync(Acme);
        (decision.Outcome, decision.Mode).ShouldBe((Outcome.Allowed, DecisionMode.Exact));
        numbers.Count.ShouldBe(2);
        numbers.Distinct().Count().ShouldBe(1);
        edges.Failures.Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_request_whose_reply_was_lost_is_charged_once()
    {
        await using var edges = await OfAsync();
        FailOnce(edges, Fault.LosesReply);
        (await edges.AdmittedAsync(20, Acme)).ShouldBe(9);
    }

    [Fact]
    public async Task One_failure_keeps_no_edge_from_asking_for_another_bucket()
    {
        await using var edges = await OfAsync();
        await edges.SaveAsync("other", "small");
        FailOnce(edges, Fault.Fails);
        await edges.CheckAsync(Acme);
        (await edges.CheckAsync(Edges.Get("other"))).Outcome.ShouldBe(Outcome.Allowed);
    }

    [Fact]
    public async Task A_silent_bucket_is_asked_again_after_half_the_wait()
    {
        await using var edges = await OfAsync();
        var numbers = FailOnce(edges, Fault.IsSilent);
        var waiting = edges.CheckAsync(Acme);
        edges.WaitClock.Advance(TimeSpan.FromMilliseconds(249));
        numbers.Count.ShouldBe(1);
        edges.WaitClock.Advance(TimeSpan.FromMilliseconds(1));
        (await waiting.WaitAsync(TimeSpan.FromSeconds(10))).Outcome.ShouldBe(Outcome.Allowed);
        numbers.Count.ShouldBe(2);
    }

    [Fact]
    public async Task The_first_request_may_still_answer_when_the_second_is_lost()
    {
        await using var edges = await OfAsync();
        var way = edges.Way();
        way.Hold();
        var waiting = edges.CheckAsync(Acme);
        await way.Arrived;
        // Chosen as the second is sent; it fails once both go on.
        way.Fault = Fault.Fails;
        edges.WaitClock.Advance(TimeSpan.FromMilliseconds(250));
        while (way.Calls < 3) await Task.Yield();
        way.Release();
        (await waiting.WaitAsync(TimeSpan.FromSeconds(10))).Outcome.ShouldBe(Outcome.Allowed);
    }

    [Fact]
    public async Task In_a_known_outage_nothing_is_sent_twice()
    {
        await using var edges = await OfAsync();
        edges.Way().Fault = Fault.Fails;
        await edges.CheckAsync(Acme);
        edges.Way().Calls.ShouldBe(3);
        edges.WaitClock.Advance(TimeSpan.FromSeconds(1));
        (await edges.CheckAsync(Acme)).Refusal.ShouldBe(Refusal.Unreachable);
        edges.Way().Calls.ShouldBe(4);
    }

    [Fact]
    public async Task A_bucket_that_cannot_be_read_is_not_asked_again()
    {
        await using var edges = await OfAsync();
        edges.Way().Fault = Fault.IsDamaged;
        await edges.CheckAsync(Acme);
        edges.Way().Calls.ShouldBe(2);
    }

    [Fact]
    public async Task A_request_without_a_lease_is_sent_once()
    {
        await using var edges = new Edges(Policies.TenAMinute(), 1, new LeaseOptions { LifetimeMs = 0 });
        await edges.SaveAsync("acme", "small");
        edges.Way().Fault = Fault.Fails;
        await edges.CheckAsync(Acme);
        edges.Way().Calls.ShouldBe(1);
    }

    // Tells the numbers of the requests that are sent.
    private static List<long> FailOnce(Edges edges, Fault fault)
    {
        var numbers = new List<long>();
        edges.Way().Choose = request =>
        {
            numbers.Add(request.Number);
            return numbers.Count == 1 ? fault : Fault.None;
        };
        return numbers;
    }

    private static async Task<Edges> OfAsync()
    {
        var edges = new Edges(Policies.TenAMinute(), 1, new LeaseOptions { LifetimeMs = 10_000 });
        await edges.SaveAsync("acme", "small");
        // The first check of a bucket is granted without a lease.
        await edges.CheckAsync(Acme);
        return edges;
    }
}
