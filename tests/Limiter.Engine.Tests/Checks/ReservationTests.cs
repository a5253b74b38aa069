using Limiter.Domain.Decisions;
using Limiter.Domain.Escrow;
using Limiter.Engine.Checks;
using Limiter.Engine.Tests.Kit;

namespace Limiter.Engine.Tests.Checks;

/// <summary>Costs that are held for long work, and then committed, given back, or over.</summary>
public sealed class ReservationTests
{
    private static readonly Check Acme = Edges.Get("acme");
    private static readonly Check Eight = Edges.Get("acme", cost: 8) with { ReserveMs = 30_000 };

    [Theory]
    [InlineData("fixedWindow")]
    [InlineData("slidingWindow")]
    public async Task What_nobody_commits_is_given_back_when_its_time_is_over(string algorithm)
    {
        await using var edges = await TenAsync(algorithm);
        var check = await edges.CheckAsync(Eight);
        check.ReservedUntil.ShouldBe(edges.Now + 30_000);
        (await edges.AdmittedAsync(3, Acme)).ShouldBe(2);
        await edges.AdvanceAsync(29_000);
        (await edges.AdmittedAsync(1, Acme)).ShouldBe(0);
        await edges.AdvanceAsync(1_000);
        (await edges.AdmittedAsync(10, Acme)).ShouldBe(8);
    }

    [Fact]
    public async Task What_is_committed_stays_charged_at_its_true_cost()
    {
        await using var edges = await TenAsync();
        var check = await edges.CheckAsync(Eight);
        (await ChargeAsync(edges, check, 3)).ShouldBe(ChargeOutcome.Applied);
        edges[0].Waiting.ShouldBe(0);
        await edges.AdvanceAsync(40_000);
        (await ChargeAsync(edges, check, 3)).ShouldBe(ChargeOutcome.Repeated);
        (await ChargeAsync(edges, check, 0)).ShouldBe(ChargeOutcome.Conflict);
        (await edges.AdmittedAsync(10, Acme)).ShouldBe(7);
    }

    [Fact]
    public async Task What_is_released_is_free_at_once()
    {
        await using var edges = await TenAsync();
        var check = await edges.CheckAsync(Eight);
        (await ChargeAsync(edges, check, 0)).ShouldBe(ChargeOutcome.Applied);
        (await edges.AdmittedAsync(11, Acme)).ShouldBe(10);
        await edges.AdvanceAsync(40_000);
        edges.Failures.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_commit_at_another_edge_outlives_the_end_at_the_first()
    {
        await using var edges = await TenAsync(count: 2);
        var check = await edges.CheckAsync(Eight);
        (await ChargeAsync(edges, check, 5, edge: 1)).ShouldBe(ChargeOutcome.Applied);
        edges[0].Waiting.ShouldBe(1);
        await edges.AdvanceAsync(31_000);
        edges[0].Waiting.ShouldBe(0);
        (await edges.AdmittedAsync(10, Acme, 1)).ShouldBe(5);
    }

    [Fact]
    public async Task Of_the_end_and_a_commit_one_wins_and_the_other_is_told()
    {
        await using var edges = await TenAsync(count: 2);
        var check = await edges.CheckAsync(Eight);
        // The release takes effect and its answer is lost, so it is tried again.
        edges.Way().Fault = Fault.LosesReply;
        await edges.AdvanceAsync(30_000);
        edges[0].Waiting.ShouldBe(1);
        (await ChargeAsync(edges, check, 5, edge: 1)).ShouldBe(ChargeOutcome.Conflict);
        edges.Way().Fault = Fault.None;
        await edges.AdvanceAsync(5_000);
        edges[0].Waiting.ShouldBe(0);
        (await edges.AdmittedAsync(11, Acme, 1)).ShouldBe(10);
    }

    [Fact]
    public async Task A_bucket_that_is_out_of_reach_at_the_end_is_asked_again()
    {
        await using var edges = await TenAsync();
        await edges.CheckAsync(Eight);
        edges.Way().Fault = Fault.Fails;
        await edges.AdvanceAsync(32_000);
        edges.Way().Fault = Fault.None;
        await edges.AdvanceAsync(4_000);
        (await edges.AdmittedAsync(11, Acme)).ShouldBe(10);
    }

    [Fact]
    public async Task A_process_that_starts_again_gives_back_what_the_one_before_held()
    {
        await using var edges = await TenAsync();
        await edges.CheckAsync(Eight);
        await edges[0].CloseAsync(default);
        var restarted = edges.Add();
        await edges[restarted].LoadAsync(default);
        (await edges.AdmittedAsync(3, Acme, restarted)).ShouldBe(2);
        await edges.AdvanceAsync(30_000);
        (await edges.AdmittedAsync(10, Acme, restarted)).ShouldBe(8);
    }

    [Fact]
    public async Task What_a_process_takes_with_it_stands_as_charged()
    {
        await using var edges = await TenAsync(count: 2);
        // It ends before its journal is written, and nobody gives its reservation back.
        await edges.CheckAsync(Eight);
        await edges[0].DisposeAsync();
        await edges.AdvanceAsync(40_000);
        (await edges.AdmittedAsync(3, Acme, 1)).ShouldBe(2);
    }

    [Fact]
    public async Task A_repeated_check_reserves_once()
    {
        await using var edges = await TenAsync();
        var first = await edges.CheckAsync(Eight with { Id = "a" });
        var again = await edges.CheckAsync(Eight with { Id = "a" });
        (again.CheckId, again.ReservedUntil).ShouldBe((first.CheckId, first.ReservedUntil));
        edges[0].Waiting.ShouldBe(1);
        (await edges.CheckAsync(Eight with { Id = "a", ReserveMs = 20_000 })).Refusal.ShouldBe(Refusal.IdReused);
        await edges.AdvanceAsync(30_000);
        (await edges.AdmittedAsync(11, Acme)).ShouldBe(10);
    }

    [Fact]
    public async Task A_denied_check_and_a_look_reserve_nothing()
    {
        await using var edges = await TenAsync();
        await edges.AdmittedAsync(10, Acme);
        (await edges.CheckAsync(Eight)).Outcome.ShouldBe(Outcome.Denied);
        (await edges.PeekAsync(Eight)).ReservedUntil.ShouldBeNull();
        edges[0].Waiting.ShouldBe(0);
    }

    [Fact]
    public async Task One_beyond_the_most_that_are_held_is_refused_and_consumes_nothing()
    {
        await using var edges = new Edges(Policies.Compile(
            """
            {
              "policy": "many",
              "limits": { "hour": { "algorithm": "fixedWindow", "window": "1h", "number": 1000000 } },
              "plans": { "only": {} },
              "response": { "describe": "hour", "reset": "unix", "denied": { "error": "denied" } }
            }
            """));
        await edges.SaveAsync("acme", "only");
        var one = Acme with { ReserveMs = Check.ReserveMsMax };
        var first = await edges.CheckAsync(one);
        for (var i = 1; i < PendingCorrections.CountMax; i++) await edges.CheckAsync(one);
        var left = (await edges.PeekAsync(Acme)).Limits[0].Remaining;
        (await edges.CheckAsync(one)).Refusal.ShouldBe(Refusal.TooManyReservations);
        (await edges.PeekAsync(Acme)).Limits[0].Remaining.ShouldBe(left);
        (await ChargeAsync(edges, first, 1)).ShouldBe(ChargeOutcome.Applied);
        (await edges.CheckAsync(one)).Outcome.ShouldBe(Outcome.Allowed);
    }

    [Fact]
    public async Task A_cost_that_is_told_later_is_corrected_behind_the_answer_and_tried_again()
    {
        await using var edges = await TenAsync();
        var check = await edges.CheckAsync(Edges.Get("acme", cost: 3));
        edges.Way().Fault = Fault.Fails;
        edges[0].ChargeLater(AdmittedCheck.Of(check), 7).ShouldBeTrue();
        await edges.QuietAsync();
        edges[0].Waiting.ShouldBe(1);
        edges.Way().Fault = Fault.None;
        await edges.AdvanceAsync(5_000);
        edges[0].Waiting.ShouldBe(0);
        (await edges.AdmittedAsync(10, Acme)).ShouldBe(3);
    }

    [Fact]
    public async Task A_cost_that_cannot_be_corrected_in_ten_minutes_is_given_up_and_told()
    {
        await using var edges = await TenAsync();
        var check = await edges.CheckAsync(Edges.Get("acme", cost: 3));
        edges.Way().Fault = Fault.Fails;
        edges[0].ChargeLater(AdmittedCheck.Of(check), 7).ShouldBeTrue();
        await edges.AdvanceAsync(601_000);
        edges[0].Waiting.ShouldBe(0);
        edges.Failures.ShouldContain(failure => failure.Message.Contains("stands as it was charged"));
    }

    private static Task<ChargeOutcome> ChargeAsync(Edges edges, Decision decision, long trueCost, int edge = 0) =>
        edges[edge].ChargeAsync(AdmittedCheck.Of(decision), trueCost, default).AsTask();

    private static async Task<Edges> TenAsync(string algorithm = "fixedWindow", int count = 1)
    {
        var edges = new Edges(Policies.TenAMinute(algorithm: algorithm), count);
        await edges.SaveAsync("acme", "small");
        return edges;
    }
}
