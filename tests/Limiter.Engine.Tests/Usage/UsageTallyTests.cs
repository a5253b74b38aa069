using Limiter.Domain;
using Limiter.Domain.Buckets;
using Limiter.Domain.Decisions;
using Limiter.Domain.Escrow;
using Limiter.Domain.Policies;
using Limiter.Domain.Usage;
using Limiter.Engine.Callers;
using Limiter.Engine.Checks;
using Limiter.Engine.Clocks;
using Limiter.Engine.InMemory;
using Limiter.Engine.Ports;
using Limiter.Engine.Tests.Kit;
using Limiter.Engine.Usage;

namespace Limiter.Engine.Tests.Usage;

/// <summary>What an edge counts, and when that is saved.</summary>
public sealed class UsageTallyTests
{
    [Fact]
    public async Task Every_decision_counts_once_under_its_key_group_and_rule()
    {
        await using var edges = new Edges(Policies.TenAMinute());
        await edges.SaveAsync("acme", "small");
        await edges.AddKeyAsync("acme", "k1");
        await edges.AdmittedAsync(3, Edges.Get("acme", cost: 2));
        await edges.AdmittedAsync(2, Edges.Get("acme") with { Key = "k1" });
        await edges.AdmittedAsync(4, Edges.Get("acme", cost: 5));
        await edges.CheckAsync(Edges.Get("acme", cost: 1_000));
        await edges.PeekAsync(Edges.Get("acme"));
        var sheet = (await SavedAsync(edges, "acme")).ShouldHaveSingleItem().Sheet;
        sheet.Total.ShouldBe(new UsageCounts(5, 4, 1, 0, 8));
        sheet.Lines.Select(line => (line.Subject.Key, line.Counts.Cost)).ShouldBe([("", 6), ("k1", 2)]);
        sheet.Lines[0].DeniedBy.ShouldBe([new DeniedBy("minute", 4)]);
    }

    [Fact]
    public async Task A_repeated_check_counts_once_and_an_unknown_tenant_not_at_all()
    {
        await using var edges = new Edges(Policies.TenAMinute());
        await edges.SaveAsync("acme", "small");
        var check = Edges.Get("acme") with { Id = "once" };
        for (var i = 0; i < 3; i++) (await edges.CheckAsync(check)).Outcome.ShouldBe(Outcome.Allowed);
        (await edges.CheckAsync(Edges.Get("nobody"))).Refusal.ShouldBe(Refusal.UnknownTenant);
        (await SavedAsync(edges, "acme")).Sum(row => row.Sheet.Total.Allowed).ShouldBe(1);
        (await SavedAsync(edges, "nobody")).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_correction_counts_with_its_difference()
    {
        await using var edges = new Edges(Policies.TenAMinute());
        await edges.SaveAsync("acme", "big");
        var check = await edges.CheckAsync(Edges.Get("acme", cost: 10));
        for (var i = 0; i < 2; i++) await ChargeAsync(edges, check, 4);
        (await SavedAsync(edges, "acme")).Sum(row => row.Sheet.Total.Cost).ShouldBe(4);
    }

    [Fact]
    public async Task In_steady_state_a_tenant_costs_one_row_a_minute()
    {
        await using var edges = new Edges(Policies.TenAMinute());
        await edges.SaveAsync("acme", "big");
        for (var second = 0; second < 600; second++)
        {
            await edges.CheckAsync(Edges.Get("acme"));
            await edges.AdvanceAsync(1_000);
        }
        var rows = await SavedAsync(edges, "acme");
        rows.Sum(row => row.Sheet.Total.Allowed).ShouldBe(600);
        rows.Count.ShouldBe(10);
        edges.Usage.RowsSaved.ShouldBe(10);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_the_store_did_not_take_or_denies_having_taken_is_saved_once_in_effect(bool losesReplies)
    {
        await using var edges = new Edges(Policies.TenAMinute());
        await edges.SaveAsync("acme", "big");
        (edges.Usage.Fails, edges.Usage.LosesReplies) = (!losesReplies, losesReplies);
        for (var second = 0; second < 300; second++)
        {
            await edges.CheckAsync(Edges.Get("acme"));
            await edges.AdvanceAsync(1_000);
        }
        edges.Failures.OfType<StoreUnavailableException>().ShouldNotBeEmpty();
        (edges.Usage.Fails, edges.Usage.LosesReplies) = (false, false);
        (await SavedAsync(edges, "acme")).Sum(row => row.Sheet.Total.Allowed).ShouldBe(300);
    }

    [Fact]
    public async Task A_store_that_is_away_for_hours_costs_no_more_memory_and_loses_nothing()
    {
        await using var edges = new Edges(Policies.TenAMinute());
        await edges.SaveAsync("acme", "big");
        edges.Usage.Fails = true;
        for (var minute = 0; minute < 120; minute++)
        {
            await edges.CheckAsync(Edges.Get("acme"));
            await edges.AdvanceAsync(60_000);
        }
        edges.Usage.Fails = false;
        var rows = await SavedAsync(edges, "acme");
        rows.Count.ShouldBeLessThanOrEqualTo(UsageTally.MinutesMax);
        rows.Sum(row => row.Sheet.Total.Allowed).ShouldBe(120);
    }

    [Fact]
    public async Task A_store_that_is_away_over_midnight_still_gets_each_day_its_own()
    {
        await using var edges = new Edges(Policies.TenAMinute());
        await edges.SaveAsync("acme", "big");
        await edges.AdvanceAsync(TimeSpan.FromHours(23));
        edges.Usage.Fails = true;
        for (var minute = 0; minute < 120; minute++)
        {
            await edges.CheckAsync(Edges.Get("acme"));
            await edges.AdvanceAsync(60_000);
        }
        edges.Failures.OfType<StoreUnavailableException>().Count().ShouldBe(1, "an outage is told once");
        edges.Usage.Fails = false;
        var days = (await SavedAsync(edges, "acme")).GroupBy(row => UsagePeriod.Of(UsageGrain.Day, row.Minute));
        days.Select(rows => rows.Sum(row => row.Sheet.Total.Allowed)).ShouldBe([60, 60]);
    }

    [Fact]
    public async Task A_correction_whose_answer_was_lost_counts_when_it_is_repeated()
    {
        await using var edges = new Edges(Policies.TenAMinute());
        await edges.SaveAsync("acme", "big");
        var check = await edges.CheckAsync(Edges.Get("acme", cost: 10));
        edges.Way().Fault = Fault.LosesReply;
        await Should.ThrowAsync<BucketsUnavailableException>(() => ChargeAsync(edges, check, 4));
        edges.Way().Fault = Fault.None;
        for (var i = 0; i < 2; i++) (await ChargeAsync(edges, check, 4)).ShouldBe(ChargeOutcome.Repeated);
        (await SavedAsync(edges, "acme")).Sum(row => row.Sheet.Total.Cost).ShouldBe(4);
    }

    [Fact]
    public async Task A_correction_that_did_not_arrive_counts_once_however_often_it_is_repeated()
    {
        await using var edges = new Edges(Policies.TenAMinute());
        await edges.SaveAsync("acme", "big");
        var check = await edges.CheckAsync(Edges.Get("acme", cost: 10));
        edges.Way().Fault = Fault.Fails;
        await Should.ThrowAsync<BucketsUnavailableException>(() => ChargeAsync(edges, check, 4));
        edges.Way().Fault = Fault.None;
        (await ChargeAsync(edges, check, 4)).ShouldBe(ChargeOutcome.Applied);
        for (var i = 0; i < 2; i++) (await ChargeAsync(edges, check, 4)).ShouldBe(ChargeOutcome.Repeated);
        (await SavedAsync(edges, "acme")).Sum(row => row.Sheet.Total.Cost).ShouldBe(4);
    }

    [Fact]
    public async Task An_edge_whose_clock_is_ahead_counts_by_its_bucket_s_days()
    {
        var (edgeClock, bucketClock) = (new ManualClock(Edges.Start), new ManualClock(Edges.Start.AddSeconds(-20)));
        var buckets = new InMemoryBuckets(bucketClock);
        await using var edges = new Edges(Policies.TenAMinute());
        await edges.SaveAsync("acme", "big");
        var usage = new InMemoryUsage(edgeClock);
        await using var tally = new UsageTally(new EdgeId(1), usage, edgeClock);
        await using var checker = new Checker(
            new PolicyInForce(edges.Policy, 1), new EdgeId(1), edges.Directory, buckets, edgeClock, usage: tally);
        var admitted = 0;
        for (var second = 0; second < 40; second++)
        {
            var decision = new Decision();
            await checker.CheckAsync(Edges.Get("acme"), decision, default);
            if (decision.Outcome == Outcome.Allowed) admitted++;
            while (checker.IsAsking) await Task.Yield();
            foreach (var clock in new[] { bucketClock, edgeClock }) clock.Advance(TimeSpan.FromSeconds(1));
        }
        await checker.CloseAsync(default);
        await tally.CloseAsync(default);
        var midnight = Instant.From(Edges.Start);
        bucketClock.Advance(TimeSpan.FromHours(25));
        var counted = 0L;
        foreach (var day in new[] { midnight + -UsagePeriod.DayMs, midnight })
        {
            var rows = await usage.ListRowsAsync(
                Edges.Tenant("acme"), day, day + UsagePeriod.DayMs, null, IUsageStore.PageMax, default);
            var cost = rows.Items.Sum(row => row.Sheet.Total.Cost);
            (await buckets.CloseDayAsync(new BucketId(Partition.Tenant, Edges.Tenant("acme"), ""), day, default))
                .ShouldBe(cost, day.ToString());
            counted += cost;
        }
        counted.ShouldBe(admitted);
    }

    [Fact]
    public async Task More_keys_than_a_sheet_has_lines_are_counted_together()
    {
        await using var edges = new Edges(Policies.TenAMinute());
        await edges.SaveAsync("acme", "big");
        for (var key = 0; key < 150; key++)
        {
            await edges.AddKeyAsync("acme", $"k{key}");
            await edges.CheckAsync(Edges.Get("acme") with { Key = $"k{key}" });
        }
        var sheet = (await SavedAsync(edges, "acme")).ShouldHaveSingleItem().Sheet;
        sheet.Lines.Length.ShouldBe(UsageSheet.LinesMax);
        sheet.Total.Allowed.ShouldBe(150);
        sheet.Lines.Single(line => line.Subject.IsOther).Counts.Allowed.ShouldBe(51);
    }

    [Fact]
    public async Task A_tenant_that_went_quiet_leaves_memory_and_its_next_minute_is_a_row_of_its_own()
    {
        await using var edges = new Edges(Policies.TenAMinute());
        await edges.SaveAsync("acme", "big");
        await edges.CheckAsync(Edges.Get("acme"));
        await edges.AdvanceAsync(10 * 60_000);
        edges.Tally().Tenants.ShouldBe(0);
        await edges.CheckAsync(Edges.Get("acme"));
        var rows = await SavedAsync(edges, "acme");
        rows.Select(row => row.Sheet.Total.Allowed).ShouldBe([1, 1]);
        rows.Select(row => row.Writer.Number).ShouldBe([1, 2]);
    }

    private static Task<ChargeOutcome> ChargeAsync(Edges edges, Decision check, long trueCost) => edges[0].ChargeAsync(
        AdmittedCheck.Of(check), trueCost, default).AsTask();

    /// <summary>All rows of a tenant, after every edge has saved all.</summary>
    private static async Task<IReadOnlyList<UsageRow>> SavedAsync(Edges edges, string tenant)
    {
        for (var i = 0; i < edges.Count; i++) await edges.Tally(i).CloseAsync(default);
        var page = await edges.Usage.ListRowsAsync(
            Edges.Tenant(tenant), Instant.From(Edges.Start), edges.Now + 1, null, IUsageStore.PageMax, default);
        return page.Items;
    }
}
