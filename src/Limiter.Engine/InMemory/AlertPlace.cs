using Limiter.Domain;
using Limiter.Domain.Alerts;
using Limiter.Domain.Tenants;

namespace Limiter.Engine.InMemory;

/// <summary>An alert's place among all: tenant by tenant, the latest raised first.</summary>
internal sealed record AlertPlace(TenantId Tenant, Instant At, string Id) : IComparable<AlertPlace>
{
    public static AlertPlace Of(Alert alert) => new(alert.Tenant, alert.At, alert.Id);

    public int CompareTo(AlertPlace? other)
    {
        if (other is null) return 1;
        var tenants = string.CompareOrdinal(Tenant.Text, other.Tenant.Text);
        if (tenants != 0) return tenants;
        var times = other.At.CompareTo(At);
        return times != 0 ? times : string.CompareOrdinal(Id, other.Id);
    }
}
