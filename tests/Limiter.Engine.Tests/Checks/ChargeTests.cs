using Limiter.Domain.Decisions;
using Limiter.Domain.Escrow;
using Limiter.Engine.Checks;
using Limiter.Engine.Ports;
using Limiter.Engine.Tests.Kit;

namespace Limiter.Engine.Tests.Checks;

/// <summary>Costs that are corrected afterwards: once, and true at the next check.</summary>
public sealed class ChargeTests
{
    [Theory]
    [InlineData("fixedWindow")]
    [InlineData("slidingWindow")]
    [InlineData("tokenBucket")]
    public async Task A_correction_counts_once_up_and_down(string algorithm)
    {
        await using var edges = await OfAsync(algorithm);
        // Twice warm: the spending that is corrected is not reported yet.
        for (var i = 0; i < 5; i++) await edges.CheckAsync(Edges.Get("acme", cost: 10));
        var spent = 50L;
        foreach (var (cost, trueCost) in new[] { (10L, 4L), (10L, 25L), (7L, 7L), (5L, 1L) })
        {
            var check = await edges.CheckAsync(Edges.Get("acme", cost: cost));
            (await ChargeAsync(edges, check, trueCost)).ShouldBe(ChargeOutcome.Applied);
            (await ChargeAsync(edges, check, trueCost)).ShouldBe(ChargeOutcome.Repeated);
            (await ChargeAsync(edges, check, trueCost + 1)).ShouldBe(ChargeOutcome.Conflict);
            spent += trueCost + 1;
            (await edges.CheckAsync(Edges.Get("acme"))).Limits[0].Remaining.ShouldBe(1_000 - spent);
            await edges.QuietAsync();
        }
    }

    [Theory]
    [InlineData("fixedWindow")]
    [InlineData("slidingWindow")]
    [InlineData("tokenBucket")]
    public async Task A_refund_lets_a_denied_one_pass(string algorithm)
    {
        await using var edges = await OfAsync(algorithm, "small");
        var first = await edges.CheckAsync(Edges.Get("acme", cost: 8));
        (await edges.AdmittedAsync(5, Edges.Get("acme"))).ShouldBe(2);
        (await ChargeAsync(edges, first, 3)).ShouldBe(ChargeOutcome.Applied);
        (await edges.AdmittedAsync(9, Edges.Get("acme"))).ShouldBe(5);
    }

    [Theory]
    [InlineData("fixedWindow")]
    [InlineData("slidingWindow")]
    [InlineData("tokenBucket")]
    public async Task Another_edge_can_correct_a_check(string algorithm)
    {
        await using var edges = await OfAsync(algorithm, count: 2);
        for (var i = 0; i < 5; i++) await edges.CheckAsync(Edges.Get("acme", cost: 10));
        var check = await edges.CheckAsync(Edges.Get("acme", cost: 10));
        (await ChargeAsync(edges, check, 1, edge: 1)).ShouldBe(ChargeOutcome.Applied);
        (await ChargeAsync(edges, check, 1)).ShouldBe(ChargeOutcome.Repeated);
        await edges[0].CloseAsync(default);
        // A token bucket may have forgotten, to be safe, what it did not know to be spent.
        (await edges.CheckAsync(Edges.Get("acme"), 1)).Limits[0].Remaining.ShouldBeInRange(939, 961);
    }

    [Fact]
    public async Task A_refund_waits_for_the_report_of_what_it_refunds()
    {
        await using var edges = await OfAsync("tokenBucket");
        var spent = await edges.AdmittedAsync(3, Edges.Get("acme"));
        await edges.QuietAsync();
        edges.Way().Hold();
        // Until a renewal is under way, that does not know of the spending after it.
        while (!edges[0].IsAsking) spent += await edges.AdmittedAsync(1, Edges.Get("acme"));
        await edges.Way().Arrived;
        var check = await edges.CheckAsync(Edges.Get("acme", cost: 3));
        check.Mode.ShouldBe(DecisionMode.Leased);
        var charging = ChargeAsync(edges, check, 1);
        edges.Way().Release();
        (await charging).ShouldBe(ChargeOutcome.Applied);
        (await edges.PeekAsync(Edges.Get("acme"))).Limits[0].Remaining.ShouldBe(1_000 - spent - 1);
    }

    [Fact]
    public async Task A_refund_of_spendings_that_follow_each_other_spills_what_the_bucket_could_not_have_held()
    {
        await using var edges = await OfAsync("tokenBucket");
        await edges.AdmittedAsync(3, Edges.Get("acme", cost: 30));
        await edges.AdvanceAsync(6_000);
        var first = await edges.CheckAsync(Edges.Get("acme", cost: 30));
        await edges.AdvanceAsync(1_500);
        var second = await edges.CheckAsync(Edges.Get("acme", cost: 30));
        (first.Mode, second.Mode).ShouldBe((DecisionMode.Leased, DecisionMode.Leased));

        (await ChargeAsync(edges, first, 0)).ShouldBe(ChargeOutcome.Applied);

        // Full without the first until the second was spent.
        (await edges.PeekAsync(Edges.Get("acme"))).Limits[0].Remaining.ShouldBe(970);
    }

    [Fact]
    public async Task A_lost_answer_is_repeated_safely()
    {
        await using var edges = await OfAsync("fixedWindow", "small");
        var check = await edges.CheckAsync(Edges.Get("acme", cost: 10));
        (await edges.CheckAsync(Edges.Get("acme"))).Outcome.ShouldBe(Outcome.Denied);
        edges.Way().Choose = _ => Fault.None;
        edges.Way().Fault = Fault.LosesReply;
        await Should.ThrowAsync<BucketsUnavailableException>(() => ChargeAsync(edges, check, 4));
        edges.Way().Fault = Fault.None;
        (await edges.AdmittedAsync(9, Edges.Get("acme"))).ShouldBe(6);
        (await ChargeAsync(edges, check, 4)).ShouldBe(ChargeOutcome.Repeated);
    }

    [Fact]
    public async Task A_charge_is_waited_for_as_long_as_a_check_and_repeated_safely()
    {
        await using var edges = await OfAsync("fixedWindow");
        var check = await edges.CheckAsync(Edges.Get("acme", cost: 10));
        edges.Way().Choose = _ => Fault.None;
        edges.Way().Fault = Fault.IsSilent;
        var charging = ChargeAsync(edges, check, 4);
        // However late the wait begins, it ends by the clock of waiting.
        for (var i = 0; !charging.IsCompleted && i < 1_000_000; i++)
        {
            edges.WaitClock.Advance(TimeSpan.FromMilliseconds(500));
            await Task.Yield();
        }
        await Should.ThrowAsync<BucketsUnavailableException>(() => charging.WaitAsync(TimeSpan.FromSeconds(10)));
        edges.Way().Fault = Fault.None;
        (await ChargeAsync(edges, check, 4)).ShouldBe(ChargeOutcome.Applied);
    }

    private static Task<ChargeOutcome> ChargeAsync(Edges edges, Decision decision, long trueCost, int edge = 0) =>
        edges[edge].ChargeAsync(AdmittedCheck.Of(decision), trueCost, default).AsTask();

    private static async Task<Edges> OfAsync(string algorithm, string plan = "big", int count = 1)
    {
        var edges = new Edges(Policies.TenAMinute(algorithm: algorithm), count);
        await edges.SaveAsync("acme", plan);
        return edges;
    }
}
