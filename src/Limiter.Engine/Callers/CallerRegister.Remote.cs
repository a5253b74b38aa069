using Limiter.Domain;
using Limiter.Domain.Buckets;
using Limiter.Domain.Policies;
using Limiter.Domain.Tenants;
using Limiter.Engine.Leases;
using Limiter.Engine.Ports;
using Limiter.Engine.Remotes;

namespace Limiter.Engine.Callers;

// What edges in other processes ask of it.
internal sealed partial class CallerRegister
{
    /// <summary>
    /// Who it is, read from the directory and not from here: the edge that asks keeps it as long as this one would.
    /// </summary>
    /// <exception cref="StoreUnavailableException">The directory cannot be reached.</exception>
    public async ValueTask<RemoteIdentity?> IdentifyAsync(
        CredentialHash? hash, TenantId tenant, KeyId key, EdgeTime now, CancellationToken cancellation)
    {
        KnownKey? known = null;
        if (hash is { } secret)
            known = Reached(await _keys.FindAsync(secret, now, cancellation).ConfigureAwait(false));
        else if (!key.IsNone)
            known = Reached(await _keys.FindAsync(tenant, key, now, cancellation).ConfigureAwait(false));
        if (known is null && (hash is not null || !key.IsNone)) return null;
        var name = known?.Record.Tenant ?? tenant;
        var record = Reached(await _reads
            .FindAsync(token => _directory.FindTenantAsync(name, token), cancellation).ConfigureAwait(false));
        if (record is null) return null;
        _keys.Use(known, now);
        return new RemoteIdentity(record, known?.Record.Key ?? default, known?.EndsAt ?? Instant.Never);
    }

    /// <summary>A bucket, as its name tells whose it is; null for one that nobody has.</summary>
    /// <exception cref="StoreUnavailableException">
    /// The directory cannot be reached and nothing is known of the caller.
    /// </exception>
    public async ValueTask<OwnedBucket?> OwnedAsync(
        BucketId bucket, PolicyInForce policy, EdgeTime now, CancellationToken cancellation)
    {
        var index = LayoutOf(policy.Policy, bucket.Partition);
        if (index < 0) return null;
        var layout = policy.Policy.Layouts[index];
        if (bucket.Tenant == default)
            return policy.Policy.Anonymous is not null && ClientAddress.IsCanonical(bucket.Value)
                ? new OwnedBucket(layout, policy.AnonymousTerms[index], null)
                : null;
        var caller = await CallerAsync(bucket.Tenant, policy, now, cancellation).ConfigureAwait(false);
        if (caller is null) return null;
        caller.Touch(now.Timestamp);
        return await IsOf(bucket, now, cancellation).ConfigureAwait(false)
            ? new OwnedBucket(layout, caller.TermsOf(index), caller)
            : null;
    }

    private async ValueTask<bool> IsOf(BucketId bucket, EdgeTime now, CancellationToken cancellation)
    {
        if (bucket.Partition == Partition.Tenant) return bucket.Value.Length == 0;
        if (bucket.Partition == Partition.Ip) return ClientAddress.IsCanonical(bucket.Value);
        if (!KeyId.TryParse(bucket.Value, out var key)) return false;
        if (!_keys.TryFind(new Claim(null, bucket.Tenant, key, null), now, out var known))
            known = Reached(await _keys.FindAsync(bucket.Tenant, key, now, cancellation).ConfigureAwait(false));
        known?.Touch(now.Timestamp);
        return known is not null;
    }

    private static int LayoutOf(Policy policy, Partition partition)
    {
        for (var i = 0; i < policy.Layouts.Length; i++)
            if (policy.Layouts[i].Partition == partition) return i;
        return -1;
    }
}
