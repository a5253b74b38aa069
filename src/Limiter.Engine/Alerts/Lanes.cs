using System.Collections.Concurrent;
using Limiter.Domain;
using Limiter.Domain.Tenants;

namespace Limiter.Engine.Alerts;

/// <summary>
/// What one claim takes: of each tenant that is neither paused nor being delivered to, a few alerts. Not thread-safe.
/// </summary>
internal sealed class Lanes(ConcurrentDictionary<TenantId, bool> busy, TenantPauses pauses, Instant now)
{
    private readonly Dictionary<TenantId, int> _taken = [];

    /// <summary>Whether something was left only because too many are being delivered to.</summary>
    public bool TurnedAway { get; private set; }

    /// <summary>The tenants that this claim made busy.</summary>
    public IReadOnlyCollection<TenantId> Tenants => _taken.Keys;

    public bool Takes(TenantId tenant)
    {
        var count = _taken.GetValueOrDefault(tenant);
        if (count >= AlertSender.ClaimedPerTenantMax) return false;
        if (count == 0 && !TryBegin(tenant)) return false;
        _taken[tenant] = count + 1;
        return true;
    }

    private bool TryBegin(TenantId tenant)
    {
        if (pauses.Of(tenant, now) is not null || busy.ContainsKey(tenant)) return false;
        if (busy.Count < AlertSender.TenantsAtOnceMax) return busy.TryAdd(tenant, true);
        TurnedAway = true;
        return false;
    }
}
