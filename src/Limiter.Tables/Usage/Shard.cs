using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Limiter.Domain.Tenants;

namespace Limiter.Tables.Usage;

/// <summary>
/// Spreads the tenants of one time over partitions, since the service bounds what one partition takes (2,000 rows a
/// second). Neither the number of shards nor the hash may ever change: what is stored would no longer be found.
/// </summary>
internal static class Shard
{
    public const int Count = 16;

    /// <summary>A tenant's shard, as two hexadecimal digits.</summary>
    public static string Of(TenantId tenant)
    {
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(tenant.Text), digest);
        return (digest[0] % Count).ToString("x2", CultureInfo.InvariantCulture);
    }
}
