using System.Security.Cryptography;
using Limiter.Domain.Tenants;
using Limiter.Engine.Ports;
using Limiter.Tables.Rows;

namespace Limiter.Tables.Tenants;

/// <summary>
/// The tenants and keys in Azure Table Storage, for any number of processes. See <see cref="TablesStore.Directory"/>.
/// Every member throws <see cref="StoreUnavailableException"/> when the account cannot be reached, refuses, or stays
/// busy beyond the retries of <see cref="TablesStoreOptions"/>.
/// </summary>
public sealed class TablesDirectory : IDirectory
{
    private const int CredentialsAtOnce = 16;

    private readonly Gates _gates = new();
    private readonly KeyTable _keys;
    private readonly CredentialTable _credentials;
    private readonly TenantTable _tenants;
    private readonly FactTable _facts;
    private byte[]? _signingKey;

    internal TablesDirectory(StoredTable table, int keysPerTenantMax, TimeProvider clock)
    {
        _keys = new KeyTable(table, keysPerTenantMax, clock);
        _credentials = new CredentialTable(table, _keys, clock);
        _tenants = new TenantTable(table, _keys, _gates, clock);
        _facts = new FactTable(table, clock);
    }

    public async ValueTask<TenantRecord?> FindTenantAsync(TenantId tenant, CancellationToken cancellation) =>
        (await _tenants.FindAsync(tenant, cancellation).ConfigureAwait(false))?.Record;

    public async ValueTask<KeyRecord?> FindKeyAsync(TenantId tenant, KeyId key, CancellationToken cancellation)
    {
        if (await _tenants.FindAsync(tenant, cancellation).ConfigureAwait(false) is not { } owner) return null;
        return (await _keys.FindAsync(owner.Life, key, cancellation).ConfigureAwait(false))?.Record;
    }

    public async ValueTask<KeyRecord?> FindCredentialAsync(CredentialHash hash, CancellationToken cancellation) =>
        await _credentials.FindAsync(hash, cancellation).ConfigureAwait(false);

    public async ValueTask<IReadOnlyList<TenantRecord>> ListTenantsAsync(
        TenantId? after, int take, CancellationToken cancellation)
    {
        CheckPage(take);
        return await _tenants.PageAsync(after, take, cancellation).ConfigureAwait(false);
    }

    public async ValueTask<IReadOnlyList<KeyRecord>> ListKeysAsync(
        TenantId tenant, KeyId? after, int take, CancellationToken cancellation)
    {
        CheckPage(take);
        if (await _tenants.FindAsync(tenant, cancellation).ConfigureAwait(false) is not { } owner) return [];
        return await _keys.PageAsync(owner.Life, after, take, cancellation).ConfigureAwait(false);
    }

    public async ValueTask<TenantRecord?> SaveTenantAsync(TenantRecord tenant, CancellationToken cancellation) =>
        await _tenants.SaveAsync(tenant, cancellation).ConfigureAwait(false);

    /// <remarks>
    /// The keys go first, and no more are added meanwhile. If the process dies before the end, the tenant is still
    /// there with the rest of its keys, takes no new ones, and is removed by removing it again.
    /// </remarks>
    public async ValueTask<bool> RemoveTenantAsync(TenantId tenant, CancellationToken cancellation)
    {
        if (await _tenants.FindAsync(tenant, cancellation).ConfigureAwait(false) is not { } owner) return false;
        await _keys.CloseAsync(owner.Life, cancellation).ConfigureAwait(false);
        while (true)
        {
            var some = await _keys.PageAsync(owner.Life, null, DirectoryBounds.PageMax, cancellation)
                .ConfigureAwait(false);
            if (some.Count == 0) break;
            // The hashes stand in the keys' rows: those go last, so that no credential is forgotten.
            await Parallel.ForEachAsync(
                some,
                new ParallelOptions { MaxDegreeOfParallelism = CredentialsAtOnce, CancellationToken = cancellation },
                async (key, cancellation) => await _credentials
                    .RevokeAsync(key.Hash, owner.Life, key.Key, cancellation).ConfigureAwait(false))
                .ConfigureAwait(false);
            await _keys.DeleteAsync(owner.Life, some, cancellation).ConfigureAwait(false);
        }
        await _tenants.DeleteAsync(tenant, owner.Life, cancellation).ConfigureAwait(false);
        await _keys.ForgetAsync(owner.Life, cancellation).ConfigureAwait(false);
        return true;
    }

    public async ValueTask<KeyAddition> AddKeyAsync(KeyRecord key, CancellationToken cancellation)
    {
        if (await _tenants.FindAsync(key.Tenant, cancellation).ConfigureAwait(false) is not { } owner)
            return KeyAddition.NoSuchTenant;
        using var pass = await _gates.EnterAsync(owner.Life, cancellation).ConfigureAwait(false);
        if (await _keys.FindAsync(owner.Life, key.Key, cancellation).ConfigureAwait(false) is not null)
            return KeyAddition.Exists;
        var credential = new CredentialRow(key.Tenant, key.Key, owner.Life, Stamp.New());
        if (!await _credentials.TakeAsync(key.Hash, credential, cancellation).ConfigureAwait(false))
            return KeyAddition.Exists;
        var row = new KeyRow(key, credential.Stamp);
        var addition = await _keys.AddAsync(owner.Life, row, cancellation).ConfigureAwait(false);
        if (addition != KeyAddition.Added)
        {
            await _credentials.GiveBackAsync(key.Hash, credential, cancellation).ConfigureAwait(false);
            return addition;
        }
        if (await _credentials.KeepAsync(key.Hash, credential, cancellation).ConfigureAwait(false))
            return KeyAddition.Added;
        await _keys.RemoveAsync(owner.Life, key.Key, credential.Stamp, cancellation).ConfigureAwait(false);
        var now = await _tenants.FindAsync(key.Tenant, cancellation).ConfigureAwait(false);
        return now?.Life == owner.Life ? KeyAddition.Exists : KeyAddition.NoSuchTenant;
    }

    /// <remarks>The credential goes first: from then on the key opens nothing, whatever happens to its row.</remarks>
    public async ValueTask<bool> RemoveKeyAsync(TenantId tenant, KeyId key, CancellationToken cancellation)
    {
        if (await _tenants.FindAsync(tenant, cancellation).ConfigureAwait(false) is not { } owner) return false;
        using var pass = await _gates.EnterAsync(owner.Life, cancellation).ConfigureAwait(false);
        if (await _keys.FindAsync(owner.Life, key, cancellation).ConfigureAwait(false) is not { } row) return false;
        await _credentials.RevokeAsync(row.Record.Hash, owner.Life, key, cancellation).ConfigureAwait(false);
        await _keys.RemoveAsync(owner.Life, key, row.Stamp, cancellation).ConfigureAwait(false);
        return true;
    }

    public async ValueTask<long> PolicyGenerationAsync(ReadOnlyMemory<byte> digest, CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(digest.Length, SHA256.HashSizeInBytes, nameof(digest));
        return await _facts.PolicyGenerationAsync(digest.ToArray(), cancellation).ConfigureAwait(false);
    }

    public async ValueTask<ReadOnlyMemory<byte>> SigningKeyAsync(CancellationToken cancellation) =>
        _signingKey ??= await _facts.SigningKeyAsync(cancellation).ConfigureAwait(false);

    private static void CheckPage(int take)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(take, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(take, DirectoryBounds.PageMax);
    }
}
