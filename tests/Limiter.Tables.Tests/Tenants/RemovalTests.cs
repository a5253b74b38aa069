using Azure.Core.Pipeline;
using Limiter.Azurite;
using Limiter.Domain.Tenants;
using Limiter.Engine.Ports;
using Limiter.Tables.Tenants;

namespace Limiter.Tables.Tests.Tenants;

/// <summary>A tenant is removed in one version while another process changes it.</summary>
public sealed class RemovalTests(AzuriteServer azurite) : IDisposable
{
    private readonly string _prefix = AzuriteServer.NewName();
    private readonly Faults _faults = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static TenantId Acme => Records.Tenant("acme");

    public void Dispose() => _faults.Dispose();

    [Fact]
    public async Task A_change_that_comes_before_the_first_write_stops_the_removal_and_nothing_is_lost()
    {
        var (directory, other) = (Open(_faults), Open());
        var (saved, key) = await RegisterAsync(other);
        // So that its first write is not the one that makes the table.
        await directory.FindTenantAsync(Acme, Cancellation);
        var changes = 0;
        _faults.Before = async request =>
        {
            if (request.Method == HttpMethod.Get || changes++ > 0) return;
            (await other.SaveTenantAsync(saved with { Plan = "other" }, null, Cancellation)).ShouldNotBeNull();
        };
        (await directory.RemoveTenantAsync(Acme, saved.Version, null, Cancellation)).ShouldBe(TenantRemoval.Changed);
        changes.ShouldBeGreaterThan(0);
        (await other.FindTenantAsync(Acme, Cancellation)).ShouldNotBeNull().Plan.ShouldBe("other");
        (await other.FindCredentialAsync(key.Hash, Cancellation)).ShouldBe(key);
    }

    [Fact]
    public async Task A_change_that_comes_after_the_first_write_finds_no_tenant_and_registers_a_new_one()
    {
        var (directory, other) = (Open(_faults), Open());
        var (saved, key) = await RegisterAsync(other);
        // So that its first write is not the one that makes the table.
        await directory.FindTenantAsync(Acme, Cancellation);
        var writes = 0;
        _faults.Before = async request =>
        {
            if (request.Method == HttpMethod.Get || ++writes != 2) return;
            (await other.SaveTenantAsync(saved with { Plan = "other" }, null, Cancellation)).ShouldBeNull();
            (await other.FindTenantAsync(Acme, Cancellation)).ShouldBeNull();
            (await other.SaveTenantAsync(Records.Unsaved("acme"), null, Cancellation)).ShouldNotBeNull();
        };
        (await directory.RemoveTenantAsync(Acme, saved.Version, null, Cancellation)).ShouldBe(TenantRemoval.Removed);
        writes.ShouldBeGreaterThanOrEqualTo(2);
        var successor = (await other.FindTenantAsync(Acme, Cancellation)).ShouldNotBeNull();
        successor.Version.ShouldBeGreaterThan(saved.Version);
        (await other.FindCredentialAsync(key.Hash, Cancellation)).ShouldBeNull();
        (await other.AddKeyAsync(key, null, Cancellation)).ShouldBe(KeyAddition.Added);
    }

    [Fact]
    public async Task A_removal_that_broke_off_is_ended_by_removing_again_in_the_same_version()
    {
        var (directory, other) = (Open(_faults), Open());
        var (saved, key) = await RegisterAsync(other);
        // So that its first write is not the one that makes the table.
        await directory.FindTenantAsync(Acme, Cancellation);
        var writes = 0;
        _faults.Decide = request => request.Method != HttpMethod.Get && ++writes >= 2 ? Fault.NotSent : null;
        await Should.ThrowAsync<StoreUnavailableException>(async () =>
            await directory.RemoveTenantAsync(Acme, saved.Version, null, Cancellation));
        (await other.FindTenantAsync(Acme, Cancellation)).ShouldNotBeNull().Version.ShouldBe(saved.Version);
        (await other.RemoveTenantAsync(Acme, saved.Version + 1, null, Cancellation)).ShouldBe(TenantRemoval.Changed);
        (await other.RemoveTenantAsync(Acme, saved.Version, null, Cancellation)).ShouldBe(TenantRemoval.Removed);
        (await other.FindTenantAsync(Acme, Cancellation)).ShouldBeNull();
        (await other.FindCredentialAsync(key.Hash, Cancellation)).ShouldBeNull();
    }

    private static async Task<(TenantRecord Tenant, KeyRecord Key)> RegisterAsync(TablesDirectory directory)
    {
        var saved = (await directory.SaveTenantAsync(Records.Unsaved("acme"), null, Cancellation)).ShouldNotBeNull();
        var key = Records.Key("acme", "k");
        (await directory.AddKeyAsync(key, null, Cancellation)).ShouldBe(KeyAddition.Added);
        return (saved, key);
    }

    private TablesDirectory Open(HttpMessageHandler? transport = null)
    {
        var options = new TablesStoreOptions { Prefix = _prefix, RetriesMax = 0 };
        if (transport is not null) options = options with { Transport = new HttpClientTransport(transport) };
        return TablesStore.Open(azurite.ConnectionString, options, TimeProvider.System).Directory;
    }
}
