using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
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

    public ValueTask<TenantRecord?> SaveTenantAsync(TenantRecord tenant, CancellationToken cancellation) =>
        Locked(
            () =>
            {
                var entry = _tenants.Find(tenant.Id.Text);
                if ((entry?.Record.Version ?? 0) != tenant.Version) return null;
                var saved = tenant with { Version = ++_version };
                if (entry is null) _tenants.Add(tenant.Id.Text, new TenantEntry(saved));
                else entry.Record = saved;
                return saved;
            },
            cancellation);

    public ValueTask<bool> RemoveTenantAsync(TenantId tenant, CancellationToken cancellation) =>
        Locked(
            () =>
            {
                if (!_tenants.Remove(tenant.Text, out var entry)) return false;
                foreach (var key in entry.Keys.All) _credentials.Remove(key.Hash);
                return true;
            },
            cancellation);

    public ValueTask<KeyAddition> AddKeyAsync(KeyRecord key, CancellationToken cancellation) =>
        Locked(
            () =>
            {
                if (_tenants.Find(key.Tenant.Text) is not { } entry) return KeyAddition.NoSuchTenant;
                if (entry.Keys.Find(key.Key.Text) is not null || _credentials.ContainsKey(key.Hash))
                    return KeyAddition.Exists;
                if (entry.Keys.Count >= keysPerTenantMax) return KeyAddition.Full;
                entry.Keys.Add(key.Key.Text, key);
                _credentials.Add(key.Hash, key);
                return KeyAddition.Added;
            },
            cancellation);

    public ValueTask<bool> RemoveKeyAsync(TenantId tenant, KeyId key, CancellationToken cancellation) =>
        Locked(
            () =>
            {
                if (_tenants.Find(tenant.Text) is not { } entry || !entry.Keys.Remove(key.Text, out var removed))
                    return false;
                _credentials.Remove(removed.Hash);
                return true;
            },
            cancellation);

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

    /// <summary>Values by name, also in the ordinal order of their names.</summary>
    private sealed class Roll<T>
        where T : class
    {
        private readonly Dictionary<string, T> _byName = new(StringComparer.Ordinal);
        private readonly SortedSet<string> _names = new(StringComparer.Ordinal);

        public int Count => _byName.Count;

        public IEnumerable<T> All => _byName.Values;

        public T? Find(string name) => _byName.GetValueOrDefault(name);

        public void Add(string name, T value)
        {
            _byName.Add(name, value);
            _names.Add(name);
        }

        public bool Remove(string name, [NotNullWhen(true)] out T? value)
        {
            _names.Remove(name);
            return _byName.Remove(name, out value);
        }

        public IEnumerable<T> After(string? after, int take)
        {
            if (_names.Max is not { } last || string.CompareOrdinal(after, last) >= 0) return [];
            var names = after is null ? _names : _names.GetViewBetween(after, last);
            return names.Where(name => name != after).Take(take).Select(name => _byName[name]);
        }
    }
}
