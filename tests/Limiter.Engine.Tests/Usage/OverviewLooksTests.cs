using Limiter.Engine.Clocks;
using Limiter.Engine.Tests.Kit;
using Limiter.Engine.Usage;

namespace Limiter.Engine.Tests.Usage;

/// <summary>What an overview costs the buckets and the store.</summary>
public sealed class OverviewLooksTests
{
    [Fact]
    public async Task A_host_that_pays_for_looks_looks_only_at_the_page_and_at_who_was_denied()
    {
        await using var edges = await OfAsync("a", "b", "c", "denied");
        foreach (var name in new[] { "a", "b", "c" }) await edges.AdmittedAsync(9, Edges.Get(name));
        await edges.AdmittedAsync(1, Edges.Get("denied", cost: 10));
        await edges.AdmittedAsync(1, Edges.Get("denied", cost: 10));
        // Leases end, and what a look asks for then goes to the bucket.
        await edges.AdvanceAsync(130_000);
        (await LooksOfAsync(edges, new OverviewOptions())).ShouldBe(4);
        (await LooksOfAsync(edges, new OverviewOptions { BusiestMax = 0 })).ShouldBe(2);
        (await LooksOfAsync(edges, new OverviewOptions { BusiestMax = 0, DeniedMax = 0 })).ShouldBe(1);
    }

    [Theory]
    [InlineData(59, 1)]
    [InlineData(60, 2)]
    public async Task A_look_is_kept_for_as_long_as_the_host_says(int seconds, int looks)
    {
        await using var edges = await OfAsync("acme");
        await edges.AdmittedAsync(1, Edges.Get("acme"));
        await edges.AdvanceAsync(130_000);
        var pace = new ManualClock(Edges.Start);
        var options = new OverviewOptions { LookKept = TimeSpan.FromMinutes(1) };
        var reader = new OverviewReader(
            new RecentUsage(edges.Usage, edges.Clock), edges[0], edges.Clock, options, pace);
        var before = edges.Way().Calls;
        await reader.ReadAsync(false, 0, 10, default);
        edges.Way().Calls.ShouldBe(before + 1);
        // The outlook that the first look brought would answer a second one.
        await edges.AdvanceAsync(TimeSpan.FromMinutes(2));
        var kept = edges.Way().Calls;
        pace.Advance(TimeSpan.FromSeconds(seconds));
        await reader.ReadAsync(false, 0, 10, default);
        (edges.Way().Calls - kept).ShouldBe(looks - 1);
    }

    [Fact]
    public async Task Who_asks_first_after_a_start_finds_the_last_minutes_read()
    {
        await using var edges = await OfAsync("acme");
        await edges.AdmittedAsync(1, Edges.Get("acme"));
        await edges.AdvanceAsync(130_000);
        var recent = new RecentUsage(edges.Usage, edges.Clock);
        await using var warming = new RecentWarming(recent, failure => throw failure);
        await warming.Completion;
        var pages = edges.Usage.MinutePages;
        pages.ShouldBeGreaterThan(0);
        (await recent.ViewAsync(default)).Tenants.ShouldHaveSingleItem();
        edges.Usage.MinutePages.ShouldBe(pages);
    }

    [Fact]
    public async Task A_process_that_ends_does_not_wait_for_a_store_that_is_silent()
    {
        await using var edges = await OfAsync("acme");
        edges.Usage.BeforeMinutes = new TaskCompletionSource().Task;
        var warming = new RecentWarming(new RecentUsage(edges.Usage, edges.Clock), failure => throw failure);
        warming.Completion.IsCompleted.ShouldBeFalse();
        await warming.DisposeAsync();
        warming.Completion.IsCompletedSuccessfully.ShouldBeTrue();
        edges.Usage.MinutePages.ShouldBe(0);
    }

    [Fact]
    public async Task A_store_that_is_away_at_the_start_is_told_and_read_when_somebody_asks()
    {
        await using var edges = await OfAsync("acme");
        await edges.AdmittedAsync(1, Edges.Get("acme"));
        await edges.AdvanceAsync(70_000);
        var recent = new RecentUsage(edges.Usage, edges.Clock);
        var told = new List<Exception>();
        edges.Usage.Fails = true;
        await using (var warming = new RecentWarming(recent, told.Add)) await warming.Completion;
        told.ShouldHaveSingleItem();
        edges.Usage.Fails = false;
        (await recent.ViewAsync(default)).Tenants.ShouldHaveSingleItem();
    }

    /// <summary>Requests to buckets for a page of one tenant.</summary>
    private static async Task<int> LooksOfAsync(Edges edges, OverviewOptions options)
    {
        // What one reading learned does not answer the next.
        var edge = edges.Add();
        await new OverviewReader(new RecentUsage(edges.Usage, edges.Clock), edges[edge], edges.Clock, options)
            .ReadAsync(false, 0, 1, default);
        return edges.Way(edge).Calls;
    }

    private static async Task<Edges> OfAsync(params string[] tenants)
    {
        var made = new Edges(Policies.TenAMinute());
        foreach (var tenant in tenants) await made.SaveAsync(tenant, "small");
        return made;
    }
}
