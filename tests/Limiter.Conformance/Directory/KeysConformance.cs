using Limiter.Domain.Tenants;
using Limiter.Engine.Ports;

namespace Limiter.Conformance.Directory;

/// <summary>What every adapter of <see cref="IDirectory"/> does with keys.</summary>
public abstract class KeysConformance : DirectoryConformance
{
    /// <summary>A directory in which a tenant has at most two keys.</summary>
    protected abstract IDirectory SmallDirectory { get; }

    [Fact]
    public async Task An_added_key_is_found_by_its_name_and_by_its_secret()
    {
        await SaveAsync("acme");
        var key = Key("acme", "k1");
        (await Directory.AddKeyAsync(key, null, Cancellation)).ShouldBe(KeyAddition.Added);
        (await Directory.FindKeyAsync(key.Tenant, key.Key, Cancellation)).ShouldBe(key);
        (await Directory.FindCredentialAsync(key.Hash, Cancellation)).ShouldBe(key);
        (await Directory.FindKeyAsync(key.Tenant, Key("acme", "k2").Key, Cancellation)).ShouldBeNull();
        (await Directory.FindCredentialAsync(Hash("another"), Cancellation)).ShouldBeNull();
    }

    [Fact]
    public async Task A_key_needs_its_tenant()
    {
        (await Directory.AddKeyAsync(Key("nobody", "k1"), null, Cancellation)).ShouldBe(KeyAddition.NoSuchTenant);
        (await Directory.FindCredentialAsync(Key("nobody", "k1").Hash, Cancellation)).ShouldBeNull();
    }

    [Fact]
    public async Task Neither_a_key_s_name_nor_its_secret_is_given_twice()
    {
        await SaveAsync("acme");
        await SaveAsync("other");
        var key = Key("acme", "k1");
        await Directory.AddKeyAsync(key, null, Cancellation);
        (await Directory.AddKeyAsync(Key("acme", "k1", "new"), null, Cancellation)).ShouldBe(KeyAddition.Exists);
        (await Directory.AddKeyAsync(Key("other", "k9", "acme/k1"), null, Cancellation)).ShouldBe(KeyAddition.Exists);
        (await Directory.AddKeyAsync(Key("other", "k1"), null, Cancellation)).ShouldBe(KeyAddition.Added);
        (await Directory.FindCredentialAsync(key.Hash, Cancellation)).ShouldBe(key);
        (await Directory.FindCredentialAsync(Hash("new"), Cancellation)).ShouldBeNull();
    }

    [Fact]
    public async Task A_revoked_key_is_gone_and_its_name_is_free()
    {
        await SaveAsync("acme");
        var key = Key("acme", "k1");
        await Directory.AddKeyAsync(key, null, Cancellation);
        (await Directory.RemoveKeyAsync(key.Tenant, key.Key, null, Cancellation)).ShouldBeTrue();
        (await Directory.RemoveKeyAsync(key.Tenant, key.Key, null, Cancellation)).ShouldBeFalse();
        (await Directory.FindKeyAsync(key.Tenant, key.Key, Cancellation)).ShouldBeNull();
        (await Directory.FindCredentialAsync(key.Hash, Cancellation)).ShouldBeNull();
        (await Directory.AddKeyAsync(Key("acme", "k1", "new"), null, Cancellation)).ShouldBe(KeyAddition.Added);
    }

    [Fact]
    public async Task Removing_a_tenant_revokes_its_keys_and_no_others()
    {
        await SaveAsync("acme");
        await SaveAsync("acme2");
        foreach (var name in new[] { "k1", "k2", "k3" })
            await Directory.AddKeyAsync(Key("acme", name), null, Cancellation);
        await Directory.AddKeyAsync(Key("acme2", "k1"), null, Cancellation);
        (await Directory.RemoveTenantAsync(Tenant("acme"), null, null, Cancellation)).ShouldBe(TenantRemoval.Removed);
        (await Directory.FindCredentialAsync(Key("acme", "k2").Hash, Cancellation)).ShouldBeNull();
        (await Directory.ListKeysAsync(Tenant("acme"), null, 10, Cancellation)).ShouldBeEmpty();
        (await Directory.FindCredentialAsync(Key("acme2", "k1").Hash, Cancellation)).ShouldNotBeNull();
        await SaveAsync("acme");
        (await Directory.ListKeysAsync(Tenant("acme"), null, 10, Cancellation)).ShouldBeEmpty();
        (await Directory.AddKeyAsync(Key("acme", "k1"), null, Cancellation)).ShouldBe(KeyAddition.Added);
    }

    [Fact]
    public async Task Keys_are_listed_in_the_ordinal_order_of_their_names_page_by_page()
    {
        await SaveAsync("acme");
        await SaveAsync("other");
        string[] names = ["k2", "k10", "K1", "k1", "k1-a"];
        foreach (var name in names) await Directory.AddKeyAsync(Key("acme", name), null, Cancellation);
        await Directory.AddKeyAsync(Key("other", "k11"), null, Cancellation);
        var listed = new List<string>();
        for (KeyId? after = null; ;)
        {
            var page = await Directory.ListKeysAsync(Tenant("acme"), after, 2, Cancellation);
            if (page.Count == 0) break;
            listed.AddRange(page.Select(key => key.Key.Text));
            after = page[^1].Key;
        }
        listed.ShouldBe(names.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Of_many_keys_of_one_name_at_once_exactly_one_is_added()
    {
        await SaveAsync("acme");
        var additions = await Task.WhenAll(Enumerable.Range(0, 16).Select(i => Task.Run(
            async () => await Directory.AddKeyAsync(Key("acme", "k1", $"secret {i}"), null, Cancellation),
            Cancellation)));
        additions.Count(addition => addition == KeyAddition.Added).ShouldBe(1);
        additions.Count(addition => addition == KeyAddition.Exists).ShouldBe(15);
    }

    [Fact]
    public async Task A_tenant_s_keys_are_bounded()
    {
        await SmallDirectory.SaveTenantAsync(Unsaved("acme"), null, Cancellation);
        await SmallDirectory.AddKeyAsync(Key("acme", "k1"), null, Cancellation);
        await SmallDirectory.AddKeyAsync(Key("acme", "k2"), null, Cancellation);
        (await SmallDirectory.AddKeyAsync(Key("acme", "k3"), null, Cancellation)).ShouldBe(KeyAddition.Full);
        await SmallDirectory.RemoveKeyAsync(Tenant("acme"), Key("acme", "k1").Key, null, Cancellation);
        (await SmallDirectory.AddKeyAsync(Key("acme", "k3"), null, Cancellation)).ShouldBe(KeyAddition.Added);
    }
}
