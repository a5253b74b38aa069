using Limiter.Domain;
using Limiter.Domain.Alerts;
using Limiter.Domain.Tenants;

namespace Limiter.Engine.Alerts;

/// <summary>An alert that tells nothing but that alerts arrive.</summary>
public static class TestAlert
{
    /// <summary>The same for each of one second: asked for in haste, it is added once.</summary>
    public static Alert Of(TenantId tenant, Instant now)
    {
        var id = AlertId.OfTest(tenant, now);
        return new Alert(tenant, id, AlertKind.Test, now, AlertBody.OfTest(id, tenant, now));
    }
}
