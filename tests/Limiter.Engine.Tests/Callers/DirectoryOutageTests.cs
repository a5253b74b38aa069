using Limiter.Domain.Decisions;
using Limiter.Engine.Callers;
using Limiter.Engine.Leases;
using Limiter.Engine.Tests.Kit;

namespace Limiter.Engine.Tests.Callers;

/// <summary>What checks wait for, and how many of them, while the directory does not answer.</summary>
public sealed class DirectoryOutageTests
{
    // Saving a tenant reads what was there.
    private const int ReadsToRegister = 1;

    [Fact]
    public async Task A_silent_directory_is_waited_for_within_bounds_and_then_not_at_all()
    {
        await using var edges = await OfAsync("acme");
        edges.Directory.IsSilent = true;
        var waiting = edges.CheckAsync(Edges.Get("acme"));
        edges.WaitClock.Advance(TimeSpan.FromMilliseconds(499));
        waiting.IsCompleted.ShouldBeFalse();
        edges.WaitClock.Advance(TimeSpan.FromMilliseconds(1));
        (await waiting).Refusal.ShouldBe(Refusal.Unreachable);
        for (var i = 0; i < 100; i++)
        {
            var answered = edges.CheckAsync(Edges.Get("acme"));
            answered.IsCompleted.ShouldBeTrue();
            (await answered).Refusal.ShouldBe(Refusal.Unreachable);
        }
        (edges.Directory.Reads, edges.Failures.Count).ShouldBe((ReadsToRegister + 1, 1));
        edges.Directory.IsSilent = false;
        edges.WaitClock.Advance(TimeSpan.FromSeconds(1));
        (await edges.CheckAsync(Edges.Get("acme"))).Outcome.ShouldBe(Outcome.Allowed);
    }

    [Fact]
    public async Task A_known_caller_whose_record_is_stale_does_not_wait_while_an_outage_is_known()
    {
        await using var edges = await OfAsync("acme");
        (await edges.CheckAsync(Edges.Get("acme"))).Outcome.ShouldBe(Outcome.Allowed);
        edges.Directory.IsSilent = true;
        await edges.AdvanceAsync(CallerRegister.StaleMs);
        var first = edges.CheckAsync(Edges.Get("acme"));
        first.IsCompleted.ShouldBeFalse();
        edges.WaitClock.Advance(TimeSpan.FromMilliseconds(500));
        (await first).Outcome.ShouldBe(Outcome.Allowed);
        var reads = edges.Directory.Reads;
        // The clock of waiting stands still: who waited for the directory would wait for ever.
        var second = edges.CheckAsync(Edges.Get("acme")).WaitAsync(TimeSpan.FromSeconds(30));
        (await second).Outcome.ShouldBe(Outcome.Allowed);
        edges.Directory.Reads.ShouldBe(reads);
    }

    [Fact]
    public async Task An_outage_that_nobody_has_watched_lately_is_none_and_stale_records_are_read_by_all_who_come()
    {
        await using var edges = await OfAsync("acme");
        await edges.CheckAsync(Edges.Get("acme"));
        edges.Directory.Fails = true;
        await edges.AdvanceAsync(CallerRegister.StaleMs);
        (await edges.CheckAsync(Edges.Get("acme"))).Outcome.ShouldBe(Outcome.Allowed);
        (edges.Directory.Fails, edges.Directory.IsSilent) = (false, true);
        await edges.AdvanceAsync(DirectoryReads.WatchedMs(new LeaseOptions()) + 1);
        var reads = edges.Directory.Reads;
        var both = Task.WhenAll(edges.CheckAsync(Edges.Get("acme")), edges.CheckAsync(Edges.Get("acme")));
        edges.Directory.Reads.ShouldBe(reads + 2);
        edges.WaitClock.Advance(TimeSpan.FromMilliseconds(500));
        (await both).ShouldAllBe(decision => decision.Outcome == Outcome.Allowed);
        // Now somebody has.
        (await edges.CheckAsync(Edges.Get("acme"))).Outcome.ShouldBe(Outcome.Allowed);
        edges.Directory.Reads.ShouldBe(reads + 2);
    }

    [Fact]
    public async Task The_damaged_record_of_a_tenant_that_is_denied_is_read_once_and_not_at_every_denial()
    {
        await using var edges = await OfAsync("acme");
        (await edges.AdmittedAsync(11, Edges.Get("acme"))).ShouldBe(10);
        edges.Directory.Damaged = Edges.Tenant("acme");
        await edges.AdvanceAsync(CallerRegister.DeniedMs);
        (await edges.AdmittedAsync(100, Edges.Get("acme"))).ShouldBe(0);
        edges.Failures.Count.ShouldBe(1);
    }

    [Fact]
    public async Task So_many_reads_are_under_way_and_no_more_and_all_are_given_up()
    {
        await using var edges = await OfAsync("acme");
        edges.Directory.IsSilent = true;
        var waiting = Enumerable.Range(0, DirectoryReads.UnderWayMax)
            .Select(i => edges.CheckAsync(Edges.Get($"t{i}"))).ToArray();
        waiting.ShouldAllBe(check => !check.IsCompleted);
        var further = edges.CheckAsync(Edges.Get("acme"));
        further.IsCompleted.ShouldBeTrue();
        (await further).Refusal.ShouldBe(Refusal.Unreachable);
        edges.Directory.Reads.ShouldBe(ReadsToRegister + DirectoryReads.UnderWayMax);
        edges.WaitClock.Advance(TimeSpan.FromMilliseconds(500));
        foreach (var decision in await Task.WhenAll(waiting)) decision.Refusal.ShouldBe(Refusal.Unreachable);
        // Given up, they end: the room is there for those who come after.
        edges.Directory.IsSilent = false;
        edges.WaitClock.Advance(TimeSpan.FromSeconds(1));
        (await edges.CheckAsync(Edges.Get("acme"))).Outcome.ShouldBe(Outcome.Allowed);
    }

    [Fact]
    public async Task A_record_that_cannot_be_read_fails_alone()
    {
        await using var edges = await OfAsync("acme", "other");
        edges.Directory.Damaged = Edges.Tenant("acme");
        for (var i = 0; i < 3; i++)
        {
            (await edges.CheckAsync(Edges.Get("acme"))).Refusal.ShouldBe(Refusal.Unreachable);
            (await edges.CheckAsync(Edges.Get("other"))).Outcome.ShouldBe(Outcome.Allowed);
            edges[0].Forget(Edges.Tenant("other"));
        }
        edges.Failures.Count.ShouldBe(3);
    }

    [Fact]
    public async Task So_many_checks_wait_for_one_bucket_and_a_further_one_is_answered_at_once()
    {
        await using var edges = await OfAsync("acme");
        edges.Way().Hold();
        var waiting = Enumerable.Range(0, LeaseHolder.WaitersMax)
            .Select(_ => edges.CheckAsync(Edges.Get("acme"))).ToArray();
        await edges.Way().Arrived;
        waiting.ShouldAllBe(check => !check.IsCompleted);
        var further = edges.CheckAsync(Edges.Get("acme"));
        further.IsCompleted.ShouldBeTrue();
        (await further).Refusal.ShouldBe(Refusal.Unreachable);
        edges.Way().Release();
        (await Task.WhenAll(waiting)).Count(decision => decision.Outcome == Outcome.Allowed).ShouldBe(10);
    }

    private static async Task<Edges> OfAsync(params string[] tenants)
    {
        var edges = new Edges(Policies.TenAMinute());
        foreach (var tenant in tenants) await edges.SaveAsync(tenant, "small");
        return edges;
    }
}
