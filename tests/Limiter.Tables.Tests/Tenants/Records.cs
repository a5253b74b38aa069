using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using Limiter.Domain;
using Limiter.Domain.Policies;
using Limiter.Domain.Tenants;

namespace Limiter.Tables.Tests.Tenants;

internal static class Records
{
    public static TenantId Tenant(string name) =>
        TenantId.TryParse(name, out var id) ? id : throw new ArgumentException(name, nameof(name));

    public static TenantRecord Unsaved(string name) => new(
        Tenant(name), "basic", 0, new Instant(1_767_225_600_000), ImmutableDictionary<LimitId, long>.Empty,
        ImmutableDictionary<LimitId, Adjustment>.Empty);

    public static CredentialHash Hash(string secret) =>
        CredentialHash.Read(SHA256.HashData(Encoding.UTF8.GetBytes(secret)));

    public static KeyRecord Key(string tenant, string key, string? secret = null) => new(
        Tenant(tenant),
        KeyId.TryParse(key, out var id) ? id : throw new ArgumentException(key, nameof(key)),
        "",
        Hash(secret ?? $"{tenant}/{key}"),
        new Instant(1_767_225_600_000));
}
