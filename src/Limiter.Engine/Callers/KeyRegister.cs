using Limiter.Domain;
using Limiter.Domain.Tenants;
using Limiter.Engine.Leases;
using Limiter.Engine.Ports;

namespace Limiter.Engine.Callers;

/// <summary>
/// The keys that were used lately, by secret and by name. One that has ended is not answered from here: the directory
/// is asked each time, as for an unknown one. Thread-safe.
/// </summary>
internal sealed class KeyRegister(IIdentities directory, DirectoryReads reads, Changes changes, Edge edge)
{
    private readonly RecentCache<CredentialHash, KnownKey> _bySecret =
        new(CallerRegister.CapacityMax, CallerRegister.IdleTicks(edge));

    private readonly RecentCache<(TenantId, KeyId), KnownKey> _byName =
        new(CallerRegister.CapacityMax, CallerRegister.IdleTicks(edge));

    private readonly KeyUses _uses = new(directory, edge);

    /// <summary>The key that a claim names, or null when it names none; false: the directory has to be asked.</summary>
    public bool TryFind(in Claim claim, in EdgeTime now, out KnownKey? key)
    {
        key = null;
        if (claim.Hash is { } hash) return _bySecret.TryGet(hash, out key) && IsFresh(key, now);
        return claim.Key.IsNone || (_byName.TryGet((claim.Tenant, claim.Key), out key) && IsFresh(key, now));
    }

    /// <summary>
    /// Null when there is no such key, or it opens nothing any more. Not reached: the directory cannot be, and it is
    /// not known.
    /// </summary>
    public ValueTask<(bool IsReached, KnownKey? Key)> FindAsync(
        CredentialHash hash, EdgeTime now, CancellationToken cancellation) =>
        FindAsync(
            _bySecret, hash, token => directory.FindCredentialAsync(hash, token), record => record.EndOf(hash), now,
            cancellation);

    /// <inheritdoc cref="FindAsync(CredentialHash, EdgeTime, CancellationToken)"/>
    public ValueTask<(bool IsReached, KnownKey? Key)> FindAsync(
        TenantId tenant, KeyId key, EdgeTime now, CancellationToken cancellation) =>
        FindAsync(
            _byName, (tenant, key), token => directory.FindKeyAsync(tenant, key, token),
            static record => record.ExpiresAt ?? Instant.Never, now, cancellation);

    /// <summary>A request came with a key.</summary>
    public void Use(KnownKey? key, in EdgeTime now)
    {
        if (key is null) return;
        key.Touch(now.Timestamp);
        _uses.Note(key, now);
    }

    public void Tend(in EdgeTime now)
    {
        _bySecret.Tend(now.Timestamp);
        _byName.Tend(now.Timestamp);
        _ = _uses.SaveAsync(now, CancellationToken.None);
    }

    /// <summary>Saves what is not saved of the keys' uses, before this process ends.</summary>
    public Task CloseAsync(CancellationToken cancellation) => _uses.SaveAsync(edge.Now(), cancellation);

    private async ValueTask<(bool IsReached, KnownKey? Key)> FindAsync<TKey>(
        RecentCache<TKey, KnownKey> cache, TKey name, Func<CancellationToken, ValueTask<KeyRecord?>> find,
        Func<KeyRecord, Instant> endOf, EdgeTime now, CancellationToken cancellation)
        where TKey : notnull
    {
        // Read before the record is: a key that is revoked meanwhile is not kept as one of after.
        var readAt = changes.Count;
        var (isReached, record) = await reads.FindAsync(find, cancellation).ConfigureAwait(false);
        if (!isReached)
        {
            if (!cache.TryGet(name, out var known) || !IsCurrent(known)) return default;
            known.Touch(now.Timestamp);
            return (true, known.EndsAt > now.Wall ? known : null);
        }
        if (record is not null && endOf(record) is var end && end > now.Wall)
            return (true, cache.Put(name, new KnownKey(record, end, readAt, now), now.Timestamp));
        cache.Remove(name);
        return (true, null);
    }

    private bool IsFresh(KnownKey key, in EdgeTime now) =>
        IsCurrent(key) && key.EndsAt > now.Wall && edge.Elapsed(now, key.LoadedAt) < CallerRegister.StaleMs;

    private bool IsCurrent(KnownKey key) => changes.IsCurrent(key.Record.Tenant, key.ReadAt);
}
