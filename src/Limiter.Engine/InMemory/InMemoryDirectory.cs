using System.Security.Cryptography;
using Limiter.Domain;
using Limiter.Domain.Tenants;
using Limiter.Engine.Ports;

namespace Limiter.Engine.InMemory;

/// <summary>The register of tenants and keys in this process's memory: as durable as the process.</summary>
/// <param name="keysPerTenantMax">1 to <see cref="DirectoryBounds.KeysPerTenantMax"/>.</param>
public sealed class InMemoryDirectory(int keysPerTenantMax = DirectoryBounds.KeysPerTenantMax) : IDirectory
{
    private readonly Lock _gate = new();
    private readonly Roll<TenantEntry> _tenants = new();
    private readonly Dictionary<CredentialHash, KeyRecord> _credentials = [];
    private readonly ChangeShelf _changes = new();
    private readonly byte[] _signingKey = RandomNumberGenerator.GetBytes(32);
    private byte[] _digest = [];
    private long _generation;
    private long _version;

    public ValueTask<TenantRecord?> FindTenantAsync(TenantId tenant, CancellationToken cancellation) =>
        Locked(() => _tenants.Find(tenant.Text)?.Record, cancellation);

    public ValueTask<KeyRecord?> FindKeyAsync(TenantId tenant, KeyId key, CancellationToken cancellation) =>
        Locked(() => _tenants.Find(tenant.Text)?.Keys.Find(key.Text), cancellation);

    public ValueTask<KeyRecord?> FindCredentialAsync(CredentialHash hash, CancellationToken cancellation) =>
        Locked(() => _credentials.GetValueOrDefault(hash), cancellation);

    public ValueTask<IReadOnlyList<TenantRecord>> ListTenantsAsync(
        TenantId? after, int take, CancellationToken cancellation)
    {
        CheckPage(take);
        return Locked<IReadOnlyList<TenantRecord>>(
            () => [.. _tenants.After(after?.Text, take).Select(entry => entry.Record)], cancellation);
    }

    public ValueTask<IReadOnlyList<KeyRecord>> ListKeysAsync(
        TenantId tenant, KeyId? after, int take, CancellationToken cancellation)
    {
        CheckPage(take);
        return Locked<IReadOnlyList<KeyRecord>>(
            () => _tenants.Find(tenant.Text) is { } entry ? [.. entry.Keys.After(after?.Text, take)] : [],
            cancellation);
    }

    public ValueTask<IReadOnlyList<ChangeRecord>> ListChangesAsync(
        TenantId tenant, long? before, Instant since, int take, CancellationToken cancellation)
    {
        CheckPage(take);
        return Locked(() => _changes.Page(tenant, before, since, take), cancellation);
    }

    public ValueTask<TenantRecord?> SaveTenantAsync(
        TenantRecord tenant, ChangeRecord? change, CancellationToken cancellation) =>
        Locked(
            () =>
            {
                var entry = _tenants.Find(tenant.Id.Text);
                if ((entry?.Record.Version ?? 0) != tenant.Version) return null;
                var saved = tenant with { Version = ++_version };
                if (entry is null) _tenants.Add(tenant.Id.Text, new TenantEntry(saved));
                else entry.Record = saved;
                _changes.Add(change);
                return saved;
            },
            cancellation);

    public ValueTask<TenantRemoval> RemoveTenantAsync(
        TenantId tenant, long? version, ChangeRecord? change, CancellationToken cancellation) =>
        Locked(
            () =>
            {
                if (_tenants.Find(tenant.Text) is not { } entry) return TenantRemoval.NoSuchTenant;
                if (version is not null && version != entry.Record.Version) return TenantRemoval.Changed;
                _tenants.Remove(tenant.Text, out _);
                foreach (var key in entry.Keys.All) Forget(key);
                _changes.Add(change);
                return TenantRemoval.Removed;
            },
            cancellation);

    public ValueTask<KeyAddition> AddKeyAsync(KeyRecord key, ChangeRecord? change, CancellationToken cancellation) =>
        Locked(
            () =>
            {
                if (_tenants.Find(key.Tenant.Text) is not { } entry) return KeyAddition.NoSuchTenant;
                if (entry.Keys.Find(key.Key.Text) is not null || _credentials.ContainsKey(key.Hash))
                    return KeyAddition.Exists;
                if (entry.Keys.Count >= keysPerTenantMax) return KeyAddition.Full;
                entry.Keys.Add(key.Key.Text, key);
                Know(key);
                _changes.Add(change);
                return KeyAddition.Added;
            },
            cancellation);

    public ValueTask<KeyReplacement> ReplaceKeyAsync(
        KeyRecord before, KeyRecord after, ChangeRecord? change, CancellationToken cancellation) =>
        Locked(
            () =>
            {
                var keys = _tenants.Find(before.Tenant.Text)?.Keys;
                if (keys?.Find(before.Key.Text) is not { } known || known.Hash != before.Hash)
                    return KeyReplacement.Changed;
                if (_credentials.ContainsKey(after.Hash)) return KeyReplacement.Exists;
                Forget(known);
                var replaced = after with { LastUsedDay = known.LastUsedDay };
                keys.Replace(before.Key.Text, replaced);
                Know(replaced);
                _changes.Add(change);
                return KeyReplacement.Replaced;
            },
            cancellation);

    public ValueTask<bool> RemoveKeyAsync(
        TenantId tenant, KeyId key, ChangeRecord? change, CancellationToken cancellation) =>
        Locked(
            () =>
            {
                if (_tenants.Find(tenant.Text) is not { } entry || !entry.Keys.Remove(key.Text, out var removed))
                    return false;
                Forget(removed);
                _changes.Add(change);
                return true;
            },
            cancellation);

    public async ValueTask MarkKeyUsedAsync(TenantId tenant, KeyId key, long day, CancellationToken cancellation) =>
        await Locked(
            () =>
            {
                var keys = _tenants.Find(tenant.Text)?.Keys;
                if (keys?.Find(key.Text) is not { } known || known.LastUsedDay >= day) return false;
                var used = known with { LastUsedDay = day };
                keys.Replace(key.Text, used);
                Know(used);
                return true;
            },
            cancellation).ConfigureAwait(false);

    public async ValueTask TellAsync(ChangeRecord change, CancellationToken cancellation) => await Locked(
        () =>
        {
            _changes.Add(change);
            return true;
        },
        cancellation).ConfigureAwait(false);

    public ValueTask<long> PolicyGenerationAsync(ReadOnlyMemory<byte> digest, CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(digest.Length, SHA256.HashSizeInBytes, nameof(digest));
        return Locked(
            () =>
            {
                if (digest.Span.SequenceEqual(_digest)) return _generation;
                _digest = digest.ToArray();
                return ++_generation;
            },
            cancellation);
    }

    public ValueTask<ReadOnlyMemory<byte>> SigningKeyAsync(CancellationToken cancellation) =>
        Locked<ReadOnlyMemory<byte>>(() => _signingKey, cancellation);

    private static void CheckPage(int take)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(take, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(take, DirectoryBounds.PageMax);
    }

    private void Know(KeyRecord key)
    {
        _credentials[key.Hash] = key;
        if (key.Retiring is { } retiring) _credentials[retiring.Hash] = key;
    }

    private void Forget(KeyRecord key)
    {
        _credentials.Remove(key.Hash);
        if (key.Retiring is { } retiring) _credentials.Remove(retiring.Hash);
    }

    private ValueTask<T> Locked<T>(Func<T> action, CancellationToken cancellation)
    {
        if (cancellation.IsCancellationRequested) return ValueTask.FromCanceled<T>(cancellation);
        lock (_gate) return ValueTask.FromResult(action());
    }

    private sealed class TenantEntry(TenantRecord record)
    {
        public TenantRecord Record { get; set; } = record;

        public Roll<KeyRecord> Keys { get; } = new();
    }
}
