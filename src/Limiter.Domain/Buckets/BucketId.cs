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

    public override string ToString() => Encode();
}
