using System.Collections.Concurrent;
using Limiter.Domain;
using Limiter.Domain.Tenants;

namespace Limiter.Engine.Alerts;

/// <summary>Until when the alerts of tenants whose webhooks fail are held back by this process. Thread-safe.</summary>
internal sealed class TenantPauses
{
    /// <summary>Longest time for which one failure holds a tenant's other alerts back, in milliseconds.</summary>
    public const long HeldBackMsMax = 60 * 1000;

    /// <summary>Most tenants that are remembered; the alerts of others wait in the outbox all the same.</summary>
    private const int TenantsMax = 10_000;

    private readonly ConcurrentDictionary<TenantId, Instant> _until = new();

    /// <summary>The end of a tenant's pause; null when there is none.</summary>
    public Instant? Of(TenantId tenant, Instant now) =>
        _until.TryGetValue(tenant, out var until) && now < until ? until : null;

    /// <summary>An attempt failed; returns until when the tenant's other alerts wait.</summary>
    /// <param name="tenant">Whose.</param>
    /// <param name="now">When it failed.</param>
    /// <param name="due">When it is tried again; null: never.</param>
    public Instant Begin(TenantId tenant, Instant now, Instant? due)
    {
        if (_until.Count >= TenantsMax)
            foreach (var (paused, end) in _until)
                if (end <= now) _until.TryRemove(paused, out _);
        var until = Instant.Min(due ?? now + HeldBackMsMax, now + HeldBackMsMax);
        if (_until.Count < TenantsMax) _until[tenant] = until;
        return until;
    }

    /// <summary>An attempt arrived.</summary>
    public void End(TenantId tenant) => _until.TryRemove(tenant, out _);
}
