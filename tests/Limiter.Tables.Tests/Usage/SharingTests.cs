using Limiter.Azurite;
using Limiter.Domain.Usage;
using Limiter.Engine.Ports;
using Limiter.Tables.Usage;

namespace Limiter.Tables.Tests.Usage;

/// <summary>Several processes on one table: each store here stands for one.</summary>
public sealed class SharingTests(AzuriteServer azurite)
{
    private readonly string _prefix = AzuriteServer.NewName();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("", "03")]
    [InlineData("acme", "02")]
    [InlineData("acme-b", "06")]
    [InlineData("beta", "04")]
    [InlineData("zeta", "0c")]
    public void A_tenant_s_shard_never_changes(string tenant, string shard) =>
        Shard.Of(Sheets.Tenant(tenant)).ShouldBe(shard);

    [Fact]
    public async Task Of_progress_from_several_processes_the_furthest_stays()
    {
        var stores = Enumerable.Range(0, 6).Select(_ => Open()).ToArray();
        await Task.WhenAll(stores.Select((usage, i) => usage.SaveProgressAsync(
            UsageGrain.Hour, Sheets.Hour.Start + i * UsagePeriod.HourMs, Cancellation).AsTask()));
        (await stores[0].ProgressAsync(UsageGrain.Hour, Cancellation))
            .ShouldBe(Sheets.Hour.Start + 5 * UsagePeriod.HourMs);
    }

    [Fact]
    public async Task Of_a_total_that_several_processes_add_one_stays_and_the_others_are_told()
    {
        var stores = Enumerable.Range(0, 6).Select(_ => Open()).ToArray();
        var tenants = Sheets.Tenants(30).ToArray();
        var told = await Task.WhenAll(stores.Select((usage, i) => usage.AddTotalsAsync(
            [.. tenants.Select(tenant => Sheets.Total(tenant, i + 1))], Cancellation).AsTask()));
        foreach (var tenant in tenants)
        {
            var winner = Enumerable.Range(0, stores.Length)
                .Where(i => !told[i].Contains(Sheets.Tenant(tenant))).ShouldHaveSingleItem();
            (await Sheets.FindTotalAsync(stores[0], tenant)).Total.Sheet.Total.Cost.ShouldBe(winner + 1);
        }
    }

    [Fact]
    public async Task Of_replacements_of_one_reading_one_takes_effect()
    {
        var stores = Enumerable.Range(0, 6).Select(_ => Open()).ToArray();
        await stores[0].AddTotalsAsync([Sheets.Total("acme", 1)], Cancellation);
        var read = await Sheets.FindTotalAsync(stores[0], "acme");
        var done = await Task.WhenAll(stores.Select((usage, i) => usage.ReplaceTotalAsync(
            Sheets.Total("acme", i + 2), read.Version, Cancellation).AsTask()));
        var winner = Enumerable.Range(0, stores.Length).Where(i => done[i]).ShouldHaveSingleItem();
        (await Sheets.FindTotalAsync(stores[0], "acme")).Total.Sheet.Total.Cost.ShouldBe(winner + 2);
    }

    private TablesUsage Open() => TablesStore.Open(
        azurite.ConnectionString, new TablesStoreOptions { Prefix = _prefix }, TimeProvider.System).Usage;
}
