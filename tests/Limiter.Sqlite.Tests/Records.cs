using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using Limiter.Domain;
using Limiter.Domain.Policies;
using Limiter.Domain.Tenants;

namespace Limiter.Sqlite.Tests;

internal static class Records
{
    public static TenantRecord Tenant(string name) => new(
        Asks.Bucket(name).Tenant, "basic", 0, Instant.From(Asks.Start), ImmutableDictionary<LimitId, long>.Empty,
        ImmutableDictionary<LimitId, Adjustment>.Empty);

    public static KeyRecord Key(string tenant, string key) => new(
        Asks.Bucket(tenant).Tenant,
        KeyId.TryParse(key, out var id) ? id : throw new ArgumentException(key, nameof(key)),
        "",
        CredentialHash.Read(SHA256.HashData(Encoding.UTF8.GetBytes($"{tenant}/{key}"))),
        Instant.From(Asks.Start));
}
