using System.Security.Cryptography;
using Limiter.Domain;
using Limiter.Domain.Tenants;
using Limiter.Engine.Ports;
using Limiter.Sqlite.Files;

namespace Limiter.Sqlite.Tenants;

/// <summary>
/// The tenants and keys in the store's file. See <see cref="SqliteStore.Directory"/>. Every member throws
/// <see cref="StoreUnavailableException"/> when the file cannot be read or written.
/// </summary>
public sealed class SqliteDirectory : IDirectory
{
    /// <summary>
    /// Keys of a removed tenant that one transaction deletes, so that checks never wait long for the writer.
    /// </summary>
    private const int KeysRemovedAtOnce = 5_000;

    private readonly StoreAccess _store;
    private readonly int _keysPerTenantMax;
    private byte[]? _signingKey;

    internal SqliteDirectory(StoreAccess store, int keysPerTenantMax)
    {
        _store = store;
        _keysPerTenantMax = keysPerTenantMax;
    }

    public ValueTask<TenantRecord?> FindTenantAsync(TenantId tenant, CancellationToken cancellation) =>
        _store.ReadAsync(database => TenantTable.Find(database, tenant), cancellation);

    public ValueTask<KeyRecord?> FindKeyAsync(TenantId tenant, KeyId key, CancellationToken cancellation) =>
        _store.ReadAsync(database => KeyTable.Find(database, tenant, key), cancellation);

    public ValueTask<KeyRecord?> FindCredentialAsync(CredentialHash hash, CancellationToken cancellation) =>
        _store.ReadAsync(database => KeyTable.Find(database, hash), cancellation);

    public ValueTask<IReadOnlyList<TenantRecord>> ListTenantsAsync(
        TenantId? after, int take, CancellationToken cancellation)
    {
        CheckPage(take);
        return _store.ReadAsync<IReadOnlyList<TenantRecord>>(
            database => TenantTable.Page(database, after, take), cancellation);
    }

    public ValueTask<IReadOnlyList<KeyRecord>> ListKeysAsync(
        TenantId tenant, KeyId? after, int take, CancellationToken cancellation)
    {
        CheckPage(take);
        return _store.ReadAsync<IReadOnlyList<KeyRecord>>(
            database => KeyTable.Page(database, tenant, after, take), cancellation);
    }

    public ValueTask<IReadOnlyList<ChangeRecord>> ListChangesAsync(
        TenantId tenant, long? before, Instant since, int take, CancellationToken cancellation)
    {
        CheckPage(take);
        return _store.ReadAsync<IReadOnlyList<ChangeRecord>>(
            database => ChangeTable.Page(database, tenant, before, since, take), cancellation);
    }

    public ValueTask<TenantRecord?> SaveTenantAsync(
        TenantRecord tenant, ChangeRecord? change, CancellationToken cancellation) =>
        ChangeAsync(
            change, database => TenantTable.Save(database, tenant), static saved => saved is not null, cancellation);

    /// <remarks>
    /// A tenant's keys go first, several thousand at a time. If the process dies before the last, the tenant is still
    /// there with the rest of its keys, and is removed by removing it again. Its buckets stay until they are at rest.
    /// The change is told with the first of them.
    /// </remarks>
    public async ValueTask<TenantRemoval> RemoveTenantAsync(
        TenantId tenant, long? version, ChangeRecord? change, CancellationToken cancellation)
    {
        var removal = await _store.ChangeAsync(
            database =>
            {
                if (TenantTable.Find(database, tenant) is not { } known) return TenantRemoval.NoSuchTenant;
                if (version is not null && version != known.Version) return TenantRemoval.Changed;
                ChangeTable.Add(database, change);
                return TenantRemoval.Removed;
            },
            cancellation).ConfigureAwait(false);
        if (removal != TenantRemoval.Removed) return removal;
        while (await _store.ChangeAsync(database => RemoveSome(database, tenant), cancellation).ConfigureAwait(false))
        {
        }
        return removal;
    }

    public ValueTask<KeyAddition> AddKeyAsync(KeyRecord key, ChangeRecord? change, CancellationToken cancellation) =>
        ChangeAsync(
            change, database => KeyTable.Add(database, key, _keysPerTenantMax),
            static addition => addition == KeyAddition.Added, cancellation);

    public ValueTask<KeyReplacement> ReplaceKeyAsync(
        KeyRecord before, KeyRecord after, ChangeRecord? change, CancellationToken cancellation) =>
        ChangeAsync(
            change, database => KeyTable.Replace(database, before, after),
            static replacement => replacement == KeyReplacement.Replaced, cancellation);

    public ValueTask<bool> RemoveKeyAsync(
        TenantId tenant, KeyId key, ChangeRecord? change, CancellationToken cancellation) =>
        ChangeAsync(
            change, database => KeyTable.Remove(database, tenant, key), static removed => removed, cancellation);

    public async ValueTask MarkKeyUsedAsync(
        TenantId tenant, KeyId key, long day, CancellationToken cancellation) =>
        await _store.ChangeAsync(
            database =>
            {
                KeyTable.MarkUsed(database, tenant, key, day);
                return true;
            },
            cancellation).ConfigureAwait(false);

    public async ValueTask TellAsync(ChangeRecord change, CancellationToken cancellation) =>
        await ChangeAsync(change, static _ => true, static _ => true, cancellation).ConfigureAwait(false);

    public ValueTask<long> PolicyGenerationAsync(ReadOnlyMemory<byte> digest, CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(digest.Length, SHA256.HashSizeInBytes, nameof(digest));
        return _store.ChangeAsync(
            database =>
            {
                var (generation, last) = Facts.Read(database, Facts.PolicyGeneration);
                if (digest.Span.SequenceEqual(last)) return generation;
                Facts.Save(database, Facts.PolicyGeneration, generation + 1, digest.Span);
                return generation + 1;
            },
            cancellation);
    }

    public async ValueTask<ReadOnlyMemory<byte>> SigningKeyAsync(CancellationToken cancellation) =>
        _signingKey ??= await _store.ChangeAsync(
            database =>
            {
                var (_, key) = Facts.Read(database, Facts.SigningKey);
                if (key.Length > 0) return key;
                key = RandomNumberGenerator.GetBytes(32);
                Facts.Save(database, Facts.SigningKey, 1, key);
                return key;
            },
            cancellation).ConfigureAwait(false);

    /// <summary>True when keys may be left: the tenant goes after the last of them.</summary>
    private static bool RemoveSome(Database database, TenantId tenant)
    {
        if (KeyTable.RemoveSome(database, tenant, KeysRemovedAtOnce) == KeysRemovedAtOnce) return true;
        TenantTable.Delete(database, tenant);
        return false;
    }

    /// <summary>Changes and tells of it in one transaction.</summary>
    private ValueTask<T> ChangeAsync<T>(
        ChangeRecord? change, Func<Database, T> apply, Func<T, bool> isMade, CancellationToken cancellation) =>
        _store.ChangeAsync(
            database =>
            {
                var outcome = apply(database);
                if (isMade(outcome)) ChangeTable.Add(database, change);
                return outcome;
            },
            cancellation);

    private static void CheckPage(int take)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(take, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(take, DirectoryBounds.PageMax);
    }
}
