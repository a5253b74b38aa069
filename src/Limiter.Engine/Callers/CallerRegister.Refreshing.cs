using Limiter.Engine.Leases;

namespace Limiter.Engine.Callers;

// When a record is read again while it is in use.
internal sealed partial class CallerRegister
{
    /// <summary>Milliseconds after which a record in use is read again in the background.</summary>
    public const long RefreshMs = 30_000;

    /// <summary>Milliseconds after which the record of one who is denied is read again in the background.</summary>
    public const long DeniedMs = 5_000;

    /// <summary>Milliseconds after which a record is read again before it is used.</summary>
    public const long StaleMs = 45_000;

    /// <summary>
    /// A tenant was denied: its number may have been raised since its record was read, which is to be known soon.
    /// </summary>
    public void Denied(Caller caller, in EdgeTime now)
    {
        if (caller.Record is not null && _edge.Elapsed(now, caller.LoadedAt) >= DeniedMs) Refresh(caller, now);
    }

    private bool IsFresh(Caller caller, in EdgeTime now)
    {
        var age = _edge.Elapsed(now, caller.LoadedAt);
        if (age < RefreshMs) return true;
        if (age >= StaleMs) return false;
        Refresh(caller, now);
        return true;
    }

    private void Refresh(Caller caller, in EdgeTime now)
    {
        if (Interlocked.Exchange(ref caller.Refreshing, 1) == 0) _ = RefreshAsync(caller, now);
    }

    private async Task RefreshAsync(Caller caller, EdgeTime now)
    {
        var readAt = _changes.Count;
        var (isReached, record) = await _reads
            .FindAsync(token => _directory.FindTenantAsync(caller.Tenant, token), CancellationToken.None)
            .ConfigureAwait(false);
        // Not once more in the background: a record that cannot be read would be at every denial.
        if (!isReached) return;
        if (record is null) _tenants.Remove(caller.Tenant);
        else if (_changes.IsCurrent(caller.Tenant, readAt)
            && Of(record, caller.Tenant, caller.Policy, now) is { } newer)
            _tenants.Put(caller.Tenant, newer, now.Timestamp);
    }
}
