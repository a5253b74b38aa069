using System.Collections.Immutable;
using System.Globalization;
using Limiter.Azurite;
using Limiter.Domain;
using Limiter.Domain.Policies;
using Limiter.Domain.Tenants;
using Limiter.Engine.Ports;
using Limiter.Tables.Tenants;

namespace Limiter.Tables.Tests.Tenants;

/// <summary>Several processes on one directory: each store here stands for one.</summary>
public sealed class SharingTests(AzuriteServer azurite)
{
    private readonly string _prefix = AzuriteServer.NewName();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Saves_of_many_processes_each_have_a_version_of_their_own()
    {
        var saved = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => Task.Run(
            async () => await Open().SaveTenantAsync(Records.Unsaved(Name("t", i)), null, Cancellation),
            Cancellation)));
        saved.Select(tenant => tenant!.Version).Order().ShouldBe(Enumerable.Range(1, 8).Select(i => (long)i));
    }

    [Fact]
    public async Task A_credential_given_to_many_tenants_at_once_is_one_key()
    {
        const int Tenants = 6;
        var directory = Open();
        foreach (var i in Enumerable.Range(0, Tenants))
            await directory.SaveTenantAsync(Records.Unsaved(Name("t", i)), null, Cancellation);
        var additions = await Task.WhenAll(Enumerable.Range(0, Tenants).Select(i => Task.Run(
            async () => await Open().AddKeyAsync(Records.Key(Name("t", i), "k", "one secret"), null, Cancellation),
            Cancellation)));
        additions.Count(addition => addition == KeyAddition.Added).ShouldBe(1);
        var found = (await directory.FindCredentialAsync(Records.Hash("one secret"), Cancellation)).ShouldNotBeNull();
        found.Tenant.Text.ShouldBe(Name("t", additions.IndexOf(KeyAddition.Added)));
        foreach (var i in Enumerable.Range(0, Tenants))
            (await directory.ListKeysAsync(Records.Tenant(Name("t", i)), null, 10, Cancellation)).Count
                .ShouldBe(additions[i] == KeyAddition.Added ? 1 : 0);
    }

    [Fact]
    public async Task One_key_added_by_many_processes_at_once_is_added_once()
    {
        var directory = Open();
        await directory.SaveTenantAsync(Records.Unsaved("acme"), null, Cancellation);
        foreach (var round in Enumerable.Range(0, 5))
        {
            var key = Records.Key("acme", Name("k", round));
            var additions = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => Task.Run(
                async () => await Open().AddKeyAsync(key, null, Cancellation), Cancellation)));
            additions.Count(addition => addition == KeyAddition.Added).ShouldBe(1);
            additions.Count(addition => addition == KeyAddition.Exists).ShouldBe(5);
            (await directory.FindCredentialAsync(key.Hash, Cancellation)).ShouldBe(key);
        }
    }

    [Fact]
    public async Task Keys_added_while_their_tenant_is_removed_never_open_its_successor()
    {
        foreach (var round in Enumerable.Range(0, 3))
        {
            var directory = Open();
            await directory.SaveTenantAsync(Records.Unsaved("acme"), null, Cancellation);
            var adding = Enumerable.Range(0, 12).Select(i => Task.Run(
                async () => await Open().AddKeyAsync(Records.Key("acme", Name("k", i)), null, Cancellation),
                Cancellation));
            var all = Task.WhenAll(adding);
            (await directory.RemoveTenantAsync(Records.Tenant("acme"), null, null, Cancellation))
                .ShouldBe(TenantRemoval.Removed);
            (await directory.SaveTenantAsync(Records.Unsaved("acme"), null, Cancellation)).ShouldNotBeNull();
            var late = await all;
            var listed = await directory.ListKeysAsync(Records.Tenant("acme"), null, 100, Cancellation);
            foreach (var i in Enumerable.Range(0, 12))
            {
                var key = Records.Key("acme", Name("k", i));
                var found = await directory.FindCredentialAsync(key.Hash, Cancellation);
                (found is not null).ShouldBe(listed.Contains(key), $"round {round}, {key.Key}: {late[i]}");
            }
            await directory.RemoveTenantAsync(Records.Tenant("acme"), null, null, Cancellation);
        }
    }

    [Fact]
    public async Task A_tenant_of_more_keys_than_a_page_is_listed_and_removed_whole()
    {
        const int Keys = 1_130;
        var directory = Open();
        await directory.SaveTenantAsync(Records.Unsaved("acme"), null, Cancellation);
        var life = await Rows.LifeAsync(azurite, _prefix, "acme");
        await Rows.AddKeysAsync(azurite, _prefix, life, Enumerable.Range(0, Keys).Select(i =>
            Records.Key("acme", Name("k", i))));
        var first = await directory.ListKeysAsync(Records.Tenant("acme"), null, DirectoryBounds.PageMax, Cancellation);
        var rest = await directory.ListKeysAsync(
            Records.Tenant("acme"), first[^1].Key, DirectoryBounds.PageMax, Cancellation);
        first.Concat(rest).Select(key => key.Key.Text).ShouldBe(Enumerable.Range(0, Keys).Select(i => Name("k", i)));
        (await directory.RemoveTenantAsync(Records.Tenant("acme"), null, null, Cancellation))
            .ShouldBe(TenantRemoval.Removed);
        (await Rows.CountAsync(azurite, _prefix)).ShouldBe(1, "only the counter of versions is left");
    }

    [Fact]
    public async Task A_tenant_of_the_longest_adjustments_is_saved()
    {
        var adjustments = Enumerable.Range(0, 20).ToImmutableDictionary(
            i => LimitId.TryParse(Name("limit", i).PadRight(LimitId.LengthMax, 'x'), out var id) ? id : default,
            _ => new Adjustment(null, long.MaxValue, Instant.Never, new string('\u0001', Adjustment.ReasonLengthMax)));
        var directory = Open();
        await directory.SaveTenantAsync(Records.Unsaved("acme") with { Adjustments = adjustments }, null, Cancellation);
        (await directory.FindTenantAsync(Records.Tenant("acme"), Cancellation))!.Adjustments
            .ShouldBe(adjustments, ignoreOrder: true);
    }

    private static string Name(string start, int i) => start + i.ToString("d5", CultureInfo.InvariantCulture);

    private TablesDirectory Open() => TablesStore.Open(
        azurite.ConnectionString, new TablesStoreOptions { Prefix = _prefix }, TimeProvider.System).Directory;
}
