using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using Limiter.Domain;
using Limiter.Domain.Escrow;
using Limiter.Domain.Policies;
using Limiter.Domain.Tenants;
using Limiter.Domain.Usage;

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

    /// <summary>What one edge counted.</summary>
    public static UsageRow Row(string tenant, Instant minute, long cost) => new(
        Asks.Bucket(tenant).Tenant, minute, new UsageWriter(new EdgeId(ulong.MaxValue), 1), Sheet(cost));

    public static UsageSheet Sheet(long cost)
    {
        var sum = new UsageSum();
        sum.Add(UsageSubject.Of("k1", "read", "GET /things"), new UsageCounts(cost, 0, 0, 0, cost));
        return sum.ToSheet();
    }
}
