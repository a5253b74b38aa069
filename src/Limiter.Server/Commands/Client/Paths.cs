namespace Limiter.Server.Commands.Client;

/// <summary>The paths of the calls, below a server's address.</summary>
internal static class Paths
{
    public const string Tenants = "v1/tenants";

    public static string Tenant(string tenant) => $"{Tenants}/{Uri.EscapeDataString(tenant)}";

    public static string Keys(string tenant) => Tenant(tenant) + "/keys";

    public static string Key(string tenant, string key) => $"{Keys(tenant)}/{Uri.EscapeDataString(key)}";

    public static string Override(string tenant, string limit) =>
        $"{Tenant(tenant)}/overrides/{Uri.EscapeDataString(limit)}";

    public static string Adjustment(string tenant, string limit) =>
        $"{Tenant(tenant)}/adjustments/{Uri.EscapeDataString(limit)}";
}
