using Limiter.Domain;
using Limiter.Domain.Alerts;
using Limiter.Domain.Tenants;

namespace Limiter.Conformance.Alerts;

/// <summary>Alerts and rules to store.</summary>
internal static class AlertOf
{
    public static TenantId Tenant(string name)
    {
        TenantId.TryParse(name, out var tenant).ShouldBeTrue();
        return tenant;
    }

    public static Alert Threshold(string tenant, Instant at, int number = 0) => new(
        Tenant(tenant), AlertId.Of(Tenant(tenant), "", "day", at, AlertKind.Threshold, number), AlertKind.Threshold, at,
        [.. System.Text.Encoding.UTF8.GetBytes($$"""{"number":{{number}},"text":"é🙂"}""")])
    {
        Limit = "day",
        Threshold = 80,
        Key = "k1",
    };

    public static AlertRule Rule(string tenant, params int[] thresholds) => new(
        Tenant(tenant), [.. thresholds], ["day", "minute"], true, new Uri("https://example.com/hook?a=b%2Fc"),
        [1, 2, 255, 0]);
}
