using Limiter.Domain.Tenants;
using Microsoft.AspNetCore.Http;

namespace Limiter.Http.Auth;

/// <summary>Whose tenant a request is about, for the calls that a viewer's link opens.</summary>
internal static class ViewerScope
{
    private const string TenantName = "tenant";
    private const string KeyName = "key";

    /// <summary>
    /// Whether the request is about this tenant alone. Where the path names one, that is it. Otherwise the query must,
    /// and it may only name a key besides: a credential or an address could be another's.
    /// </summary>
    public static bool Covers(TenantId tenant, HttpRequest request)
    {
        if (request.RouteValues.TryGetValue(TenantName, out var named)) return Is(tenant, named as string);
        var query = request.Query;
        return query[TenantName] is { Count: 1 } values && Is(tenant, values[0])
            && query.Keys.All(name => name is TenantName or KeyName);
    }

    private static bool Is(TenantId tenant, string? text) => TenantId.TryParse(text, out var other) && other == tenant;
}
