using Limiter.Domain;
using Limiter.Domain.Decisions;
using Limiter.Domain.Usage;
using Limiter.Engine.Checks;
using Limiter.Engine.Ports;
using Limiter.Engine.Tests.Kit;
using Limiter.Engine.Usage;

namespace Limiter.Engine.Tests.Usage;

/// <summary>What a day's close is told by the buckets.</summary>
public sealed class ChargedDaysTests
{
    [Fact]
    public async Task Keys_that_are_buckets_of_their_own_are_charged_together()
    {
        await using var edges = await OfKeysAsync("k1", "k2", "k3");
        foreach (var key in new[] { "k1", "k2" }) await edges.AdmittedAsync(2, OfKey(key));
        (await edges.CheckAsync(OfKey("k3") with { Cost = 99 })).Refusal.ShouldBe(Refusal.CostOutOfBounds);
        await edges.AdvanceAsync(TimeSpan.FromHours(25));
        await RollerOf(edges).CloseDaysAsync(default);
        var day = (await DaysAsync(edges)).ShouldHaveSingleItem();
        (day.Counted, day.Charged).ShouldBe((4, 4));
    }

    [Fact]
    public async Task A_key_that_only_a_dead_edge_counted_is_charged_all_the_same()
    {
        await using var edges = await OfKeysAsync("k1", "k2");
        await edges.AdmittedAsync(2, OfKey("k1"), edge: 0);
        edges.Way(1).Choose = request => request.Wants.IsEmpty ? Fault.Fails : Fault.None;
        await edges.Tally(1).DisposeAsync();
        await edges.AdmittedAsync(3, OfKey("k2"), edge: 1);
        await edges.AdvanceAsync(TimeSpan.FromHours(25));
        await RollerOf(edges).CloseDaysAsync(default);
        var day = (await DaysAsync(edges)).ShouldHaveSingleItem();
        day.Counted.ShouldBe(2);
        day.Charged!.Value.ShouldBeGreaterThanOrEqualTo(5);
    }

    [Fact]
    public async Task A_bucket_that_does_not_know_the_day_leaves_the_charge_open()
    {
        await using var edges = await OfKeysAsync("k1", "k2");
        foreach (var key in new[] { "k1", "k2" }) await edges.AdmittedAsync(2, OfKey(key));
        await edges.AdvanceAsync(TimeSpan.FromHours(24));
        // Used on two further days before anybody closes the first.
        for (var day = 0; day < 2; day++)
        {
            await edges.AdmittedAsync(1, OfKey("k2"));
            await edges.AdvanceAsync(TimeSpan.FromHours(24));
        }
        await RollerOf(edges).CloseDaysAsync(default);
        var first = (await DaysAsync(edges))[0];
        (first.Counted, first.Charged).ShouldBe((4, null));
    }

    [Fact]
    public async Task One_tenant_s_bucket_out_of_reach_keeps_no_other_s_day_open()
    {
        await using var edges = new Edges(Policies.TenAMinute());
        foreach (var tenant in new[] { "acme", "other" }) await edges.SaveAsync(tenant, "big");
        foreach (var tenant in new[] { "acme", "other" }) await edges.AdmittedAsync(2, Edges.Get(tenant));
        await edges.AdvanceAsync(TimeSpan.FromHours(25));
        var days = new UnreachableDays("other", edges.Charges);
        var roller = new UsageRoller(edges.Usage, days, edges.Directory, () => edges.Policy, edges.Clock);
        await Should.ThrowAsync<BucketsUnavailableException>(() => roller.CloseDaysAsync(default));
        (await DaysAsync(edges)).ShouldHaveSingleItem().Charged.ShouldBe(2);
        (await DaysAsync(edges, "other")).ShouldBeEmpty();
        await RollerOf(edges).CloseDaysAsync(default);
        (await DaysAsync(edges, "other")).ShouldHaveSingleItem();
    }

    private static async Task<Edges> OfKeysAsync(params string[] keys)
    {
        var edges = new Edges(Policies.Shipped("lms"), 2);
        await edges.SaveAsync("acme", edges.Policy.Plans[0].Name);
        foreach (var key in keys) await edges.AddKeyAsync("acme", key);
        return edges;
    }

    private static Check OfKey(string key) => Edges.Get("acme", "/courses") with { Key = key };

    private static UsageRoller RollerOf(Edges edges) =>
        new(edges.Usage, edges.Charges, edges.Directory, () => edges.Policy, edges.Clock, edges.Failures.Add);

    private static async Task<List<DailyUsage>> DaysAsync(Edges edges, string tenant = "acme")
    {
        var page = await edges.Usage.ListTotalsAsync(
            Edges.Tenant(tenant), UsageGrain.Day, Instant.From(Edges.Start), edges.Now, null, IUsageStore.PageMax,
            default);
        return [.. page.Items.Select(stored => (DailyUsage)stored.Total)];
    }
}
