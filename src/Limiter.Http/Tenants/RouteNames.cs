using Limiter.Domain.Policies;
using Limiter.Domain.Tenants;
using Limiter.Http.Problems;
using Microsoft.AspNetCore.Http;

namespace Limiter.Http.Tenants;

/// <summary>The names in the paths of the admin calls.</summary>
internal static class RouteNames
{
    /// <summary>What a tenant's, a key's or a plan's name is made of.</summary>
    public const string NameRule = "1 to 64 of A-Z a-z 0-9 . _ -, the first a letter or digit";

    /// <summary>False also for a text that can be no tenant's name: no such tenant is registered.</summary>
    public static bool TryTenant(HttpRequest request, out TenantId tenant) =>
        TenantId.TryParse(Text(request, "tenant"), out tenant);

    public static bool TryKey(HttpRequest request, out KeyId key) => KeyId.TryParse(Text(request, "key"), out key);

    /// <summary>The limit that the path names, if the policy has it.</summary>
    public static Problem? TryLimit(HttpRequest request, Policy policy, out LimitId limit)
    {
        limit = default;
        var name = Text(request, "limit");
        if (name is not null && policy.FindLimit(name) is { } found)
        {
            limit = found.Rule.Id;
            return null;
        }
        var accepted = string.Join(", ", policy.Limits.Select(known => known.Name));
        return new Problem(404, ProblemCode.UnknownLimit, $"The policy has no such limit; it has: {accepted}.")
        {
            Field = "limit",
        };
    }

    public static Problem UnknownTenant() =>
        new(404, ProblemCode.UnknownTenant, "The tenant is not registered.") { Field = "tenant" };

    public static Problem UnknownKey() =>
        new(404, ProblemCode.UnknownKey, "The tenant has no such key.") { Field = "key" };

    private static string? Text(HttpRequest request, string name) => request.RouteValues[name] as string;
}
