using Limiter.Domain.Decisions;
using Limiter.Domain.Tenants;
using Limiter.Engine.Checks;
using Limiter.Engine.Leases;
using Limiter.Engine.Ports;

namespace Limiter.Engine.Callers;

/// <summary>
/// Tells who sent a request. Tenants and keys that were used lately are kept and read again every half minute, so a
/// change made elsewhere holds within a minute and one made here at once; a tenant that is denied is read again after
/// five seconds already. An unknown one is asked for every time, so a new tenant or key works at its first request.
/// While the directory cannot be reached, what is known goes on. Thread-safe.
/// </summary>
internal sealed partial class CallerRegister
{
    /// <summary>Most tenants, and most keys, that are kept.</summary>
    public const int CapacityMax = 2_000_000;

    private const long IdleSeconds = 60;

    private readonly IIdentities _directory;
    private readonly Edge _edge;
    private readonly RecentCache<TenantId, Caller> _tenants;
    private readonly KeyRegister _keys;
    private readonly DirectoryReads _reads;
    private readonly Changes _changes = new();
    private Caller? _anonymous;

    public CallerRegister(IIdentities directory, Edge edge)
    {
        (_directory, _edge) = (directory, edge);
        _tenants = new RecentCache<TenantId, Caller>(CapacityMax, IdleTicks(edge));
        _reads = new DirectoryReads(edge);
        _keys = new KeyRegister(directory, _reads, _changes, edge);
    }

    /// <summary>How long the directory was known to be out of reach.</summary>
    public TimeSpan Away => _reads.Away;

    /// <summary>Answers from what is known; false: <see cref="FindAsync"/> has to ask the directory.</summary>
    public bool TryFind(
        in Check check, PolicyInForce policy, in EdgeTime now, out Identity identity, out Refusal refusal)
    {
        identity = default;
        refusal = Claim.TryRead(check, policy.Policy, out var claim);
        if (refusal != Refusal.None) return true;
        if (claim.IsAnonymous)
        {
            identity = new Identity(AnonymousOf(policy), null, claim.Address);
            return true;
        }
        if (!_keys.TryFind(claim, now, out var key)) return false;
        var tenant = key?.Record.Tenant ?? claim.Tenant;
        if (Known(tenant, policy) is not { } caller || !IsFresh(caller, now)) return false;
        _keys.Use(key, now);
        caller.Touch(now.Timestamp);
        identity = new Identity(caller, key, claim.Address);
        return true;
    }

    /// <summary>
    /// Asks the directory for what is not known; waits as long as for a bucket. <see cref="Refusal.Unreachable"/>: the
    /// directory cannot be reached and nothing is known of the caller.
    /// </summary>
    public async ValueTask<(Identity Identity, Refusal Refusal)> FindAsync(
        Check check, PolicyInForce policy, EdgeTime now, CancellationToken cancellation)
    {
        var refusal = Claim.TryRead(check, policy.Policy, out var claim);
        if (refusal != Refusal.None) return (default, refusal);
        KnownKey? key = null;
        if (claim.Hash is { } hash)
        {
            // Told without asking anybody, so that no directory is searched for typing errors.
            if (Secret.IsMisspelt(check.Credential)) return (default, Refusal.MisspeltCredential);
            (var isReached, key) = await _keys.FindAsync(hash, now, cancellation).ConfigureAwait(false);
            if (!isReached) return (default, Refusal.Unreachable);
            if (key is null) return (default, Refusal.UnknownCredential);
        }
        var tenant = key?.Record.Tenant ?? claim.Tenant;
        var (isKnown, caller) = await FindCallerAsync(tenant, policy, now, cancellation).ConfigureAwait(false);
        if (!isKnown) return (default, Refusal.Unreachable);
        if (caller is null) return (default, claim.Hash is null ? Refusal.UnknownTenant : Refusal.UnknownCredential);
        if (!claim.Key.IsNone)
        {
            (var isReached, key) = await _keys.FindAsync(tenant, claim.Key, now, cancellation).ConfigureAwait(false);
            if (!isReached) return (default, Refusal.Unreachable);
            if (key is null) return (default, Refusal.UnknownKey);
        }
        _keys.Use(key, now);
        return (new Identity(caller, key, claim.Address), Refusal.None);
    }

    /// <summary>A tenant as the directory has it now, or as it was last known when that cannot be reached.</summary>
    /// <exception cref="StoreUnavailableException">
    /// The directory cannot be reached and nothing is known of the tenant.
    /// </exception>
    public async ValueTask<Caller?> CallerAsync(
        TenantId tenant, PolicyInForce policy, EdgeTime now, CancellationToken cancellation) =>
        Reached(await FindCallerAsync(tenant, policy, now, cancellation).ConfigureAwait(false));

    // Thrown by those alone whose callers expect it: while the directory is away, every check comes through here.
    private async ValueTask<(bool IsReached, Caller? Caller)> FindCallerAsync(
        TenantId tenant, PolicyInForce policy, EdgeTime now, CancellationToken cancellation)
    {
        var known = Known(tenant, policy);
        if (known is not null && IsFresh(known, now)) return (true, known);
        var readAt = _changes.Count;
        var (isReached, record) = await _reads
            .FindAsync(token => _directory.FindTenantAsync(tenant, token), cancellation).ConfigureAwait(false);
        if (!isReached)
        {
            // In use, so it is not dropped as idle however long the directory is away.
            known?.Touch(now.Timestamp);
            return (known is not null, known);
        }
        if (record is null || Of(record, tenant, policy, now) is not { } caller)
        {
            _tenants.Remove(tenant);
            return (true, null);
        }
        return (true, _changes.IsCurrent(tenant, readAt) ? _tenants.Put(tenant, caller, now.Timestamp) : caller);
    }

    /// <summary>Something about a tenant was changed on this edge: read it again at its next request.</summary>
    public void Forget(TenantId tenant)
    {
        _changes.Add(tenant);
        _tenants.Remove(tenant);
    }

    /// <summary>Drops what was not used for a minute.</summary>
    public void Tend(in EdgeTime now)
    {
        _tenants.Tend(now.Timestamp);
        _keys.Tend(now);
    }

    /// <summary>Saves what is not saved of the keys' uses, before this process ends.</summary>
    public Task CloseAsync(CancellationToken cancellation) => _keys.CloseAsync(cancellation);

    public Caller AnonymousOf(PolicyInForce policy)
    {
        var known = Volatile.Read(ref _anonymous);
        if (known?.Policy == policy) return known;
        known = Caller.Anonymous(policy);
        Volatile.Write(ref _anonymous, known);
        return known;
    }

    public static long IdleTicks(Edge edge) => edge.Clock.TimestampFrequency * IdleSeconds;

    public static StoreUnavailableException Unreached() =>
        new("The directory is out of reach, and nothing is known of the caller.");

    private static T? Reached<T>((bool IsReached, T? Record) found)
        where T : class =>
        found.IsReached ? found.Record : throw Unreached();

    // A record that was read under another policy is resolved anew: the directory need not be asked for that.
    private Caller? Known(TenantId tenant, PolicyInForce policy)
    {
        if (!_tenants.TryGet(tenant, out var known) || known.Policy == policy) return known;
        var renewed = known.Under(policy);
        // A check that began under the policy before does not bring that one back.
        if (renewed is not null && policy.Generation > known.Policy.Generation)
            _tenants.Replace(tenant, known, renewed);
        return renewed;
    }

    // Under the name that it is kept by: a store makes another string of it for each record.
    private static Caller? Of(TenantRecord record, TenantId name, PolicyInForce policy, in EdgeTime now) =>
        Caller.Of(policy, record with { Id = name }, now);
}
