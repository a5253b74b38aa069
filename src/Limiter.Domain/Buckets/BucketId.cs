using Limiter.Domain.Policies;
using Limiter.Domain.Tenants;

namespace Limiter.Domain.Buckets;

/// <summary>
/// Names one bucket: a tenant, one of its keys, an address that its callers come from, or (without a tenant) an
/// anonymous caller's address.
/// </summary>
/// <param name="Partition">What the bucket's limits are counted per.</param>
/// <param name="Tenant">Whose bucket it is; <c>default</c> for an anonymous caller.</param>
/// <param name="Value">The key or the address (IPv6 as its /64); empty for a tenant's own bucket.</param>
public readonly record struct BucketId(Partition Partition, TenantId Tenant, string Value)
{
    /// <summary>Longest encoded form, in characters.</summary>
    public const int EncodedLengthMax = 2 + TenantId.LengthMax + 1 + 64;

    /// <summary>
    /// A storage key: distinct for distinct buckets, since a tenant's name holds no colon, and free of characters that
    /// a
    /// store forbids.
    /// </summary>
    public string Encode() => Partition switch
    {
        Partition.Tenant => $"t:{Tenant.Text}:{Value}",
        Partition.Key => $"k:{Tenant.Text}:{Value}",
        Partition.Ip => $"i:{Tenant.Text}:{Value}",
        _ => throw new InvalidOperationException($"Unknown partition {Partition}."),
    };

    /// <summary>
    /// Reads what <see cref="Encode"/> wrote; false for anything else. Whether the value is a key's name or an address
    /// is for whoever knows addresses to say.
    /// </summary>
    public static bool TryDecode(string text, out BucketId id)
    {
        id = default;
        if (text.Length > EncodedLengthMax || text.Length < 4 || text[1] != ':') return false;
        if (PartitionOf(text[0]) is not { } partition) return false;
        var end = text.IndexOf(':', 2);
        if (end < 0) return false;
        var tenant = default(TenantId);
        if (end > 2 && !TenantId.TryParse(text[2..end], out tenant)) return false;
        id = new BucketId(partition, tenant, text[(end + 1)..]);
        return true;
    }

    public override string ToString() => Encode();

    private static Partition? PartitionOf(char letter) => letter switch
    {
        't' => Partition.Tenant,
        'k' => Partition.Key,
        'i' => Partition.Ip,
        _ => null,
    };
}
