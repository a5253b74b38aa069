using System.Security.Cryptography;
using Limiter.Domain;
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
    private readonly ChangeTable _changes;
    private readonly KeyChanges _keyChanges;
    private readonly FactTable _facts;
    private byte[]? _signingKey;

    internal TablesDirectory(StoredTable table, int keysPerTenantMax, TimeProvider clock)
    {
        _keys = new KeyTable(table, keysPerTenantMax, clock);
        _credentials = new CredentialTable(table, _keys, clock);
        _changes = new ChangeTable(table, clock);
        _tenants = new TenantTable(table, _keys, _changes, _gates, clock);
        _keyChanges = new KeyChanges(_keys, _credentials, _tenants, _changes, _gates);
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

    public async ValueTask<IReadOnlyList<ChangeRecord>> ListChangesAsync(
        TenantId tenant, long? before, Instant since, int take, CancellationToken cancellation)
    {
        CheckPage(take);
        return await _changes.PageAsync(tenant, before, since, take, cancellation).ConfigureAwait(false);
    }

    public async ValueTask<TenantRecord?> SaveTenantAsync(
        TenantRecord tenant, ChangeRecord? change, CancellationToken cancellation)
    {
        var saved = await _tenants.SaveAsync(tenant, change, cancellation).ConfigureAwait(false);
        // Whoever began to remove it may be gone: then this ends it, so that the name is free.
        if (saved is null
            && await _tenants.FindAsync(tenant.Id, cancellation).ConfigureAwait(false) is { IsClosing: true } closing)
            await EndRemovalAsync(closing, cancellation).ConfigureAwait(false);
        await TidyAsync(change, cancellation).ConfigureAwait(false);
        return saved;
    }

    /// <remarks>
    /// The row is marked first, in the version that was asked for, and the change told with it: from then on it changes
    /// no more. Then the keys go, and no more are added meanwhile, and last the row. If the process dies before the
    /// end, the tenant is still there with the rest of its keys, takes no new ones, and is removed by removing it
    /// again, or by whoever saves it.
    /// </remarks>
    public async ValueTask<TenantRemoval> RemoveTenantAsync(
        TenantId tenant, long? version, ChangeRecord? change, CancellationToken cancellation)
    {
        var (outcome, owner) = await _tenants.BeginRemovalAsync(tenant, version, change, cancellation)
            .ConfigureAwait(false);
        if (owner is null) return outcome;
        await EndRemovalAsync(owner, cancellation).ConfigureAwait(false);
        await TidyAsync(change, cancellation).ConfigureAwait(false);
        return TenantRemoval.Removed;
    }

    private async Task EndRemovalAsync(TenantRow owner, CancellationToken cancellation)
    {
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
                async (key, cancellation) => await _keyChanges
                    .RevokeAsync(key, owner.Life, cancellation).ConfigureAwait(false))
                .ConfigureAwait(false);
            await _keys.DeleteAsync(owner.Life, some, cancellation).ConfigureAwait(false);
        }
        await _tenants.DeleteAsync(owner.Record.Id, owner.Life, cancellation).ConfigureAwait(false);
        await _keys.ForgetAsync(owner.Life, cancellation).ConfigureAwait(false);
    }

    public async ValueTask<KeyAddition> AddKeyAsync(
        KeyRecord key, ChangeRecord? change, CancellationToken cancellation) =>
        await _keyChanges.AddAsync(key, change, cancellation).ConfigureAwait(false);

    public async ValueTask<KeyReplacement> ReplaceKeyAsync(
        KeyRecord before, KeyRecord after, ChangeRecord? change, CancellationToken cancellation) =>
        await _keyChanges.ReplaceAsync(before, after, change, cancellation).ConfigureAwait(false);

    public async ValueTask<bool> RemoveKeyAsync(
        TenantId tenant, KeyId key, ChangeRecord? change, CancellationToken cancellation) =>
        await _keyChanges.RemoveAsync(tenant, key, change, cancellation).ConfigureAwait(false);

    public async ValueTask MarkKeyUsedAsync(TenantId tenant, KeyId key, long day, CancellationToken cancellation) =>
        await _keyChanges.MarkUsedAsync(tenant, key, day, cancellation).ConfigureAwait(false);

    public async ValueTask TellAsync(ChangeRecord change, CancellationToken cancellation)
    {
        await _changes.AddAsync(change, cancellation).ConfigureAwait(false);
        await TidyAsync(change, cancellation).ConfigureAwait(false);
    }

    public async ValueTask<long> PolicyGenerationAsync(ReadOnlyMemory<byte> digest, CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(digest.Length, SHA256.HashSizeInBytes, nameof(digest));
        return await _facts.PolicyGenerationAsync(digest.ToArray(), cancellation).ConfigureAwait(false);
    }

    public async ValueTask<ReadOnlyMemory<byte>> SigningKeyAsync(CancellationToken cancellation) =>
        _signingKey ??= await _facts.SigningKeyAsync(cancellation).ConfigureAwait(false);

    private async ValueTask TidyAsync(ChangeRecord? change, CancellationToken cancellation)
    {
        if (change is null) return;
        try
        {
            await _changes.DeleteSomeOutdatedAsync(change.At, cancellation).ConfigureAwait(false);
        }
        catch (StoreUnavailableException)
        {
            // The change is made, and the next one tidies as well.
        }
    }

    private static void CheckPage(int take)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(take, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(take, DirectoryBounds.PageMax);
    }
}
