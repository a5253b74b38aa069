using Limiter.Domain;
using Limiter.Domain.Buckets;
using Limiter.Domain.Policies;
using Limiter.Domain.Tenants;
using Limiter.Domain.Usage;
using Limiter.Engine.Ports;

namespace Limiter.Engine.Usage;

/// <summary>What a tenant's buckets charged on a day, where they can tell.</summary>
internal sealed class ChargedDays(
    IDayCharges charges, IDirectory directory, Func<Policy> policy, Action<Exception> onFailure)
{
    /// <summary>Most keys whose buckets are asked for one tenant's day.</summary>
    public const int KeysMax = DirectoryBounds.PageMax;

    /// <param name="sheet">What was counted of the day.</param>
    /// <returns>
    /// Null for anonymous callers and for a policy that counts by address alone, whose buckets nobody lists; for a
    /// tenant of so many keys that are buckets of their own, or of more than the sheet tells apart; and when a bucket
    /// does not know the day, or cannot be read.
    /// </returns>
    public async ValueTask<long?> FindAsync(
        TenantId tenant, Instant day, UsageSheet sheet, CancellationToken cancellation)
    {
        if (tenant == default) return null;
        try
        {
            var layouts = policy().Layouts;
            // A request is charged to every bucket that counts it, so one kind of them tells the whole.
            if (layouts.Any(layout => layout.Partition == Partition.Tenant))
                return await charges.CloseDayAsync(new BucketId(Partition.Tenant, tenant, ""), day, cancellation)
                    .ConfigureAwait(false);
            return layouts.Any(layout => layout.Partition == Partition.Key)
                ? await OfKeysAsync(tenant, day, sheet, cancellation).ConfigureAwait(false)
                : null;
        }
        catch (BucketFailedException failure)
        {
            // One damaged bucket must not keep all days open.
            onFailure(failure);
            return null;
        }
    }

    private async ValueTask<long?> OfKeysAsync(
        TenantId tenant, Instant day, UsageSheet sheet, CancellationToken cancellation)
    {
        if (sheet.Lines.Any(line => line.Subject.IsOther)) return null;
        // An edge that died may have been the only one to count a key; a key that was used and removed is in the sheet.
        var listed = await directory.ListKeysAsync(tenant, null, KeysMax, cancellation).ConfigureAwait(false);
        if (listed.Count == KeysMax) return null;
        var admitted = sheet.Lines.Where(line => line.Counts.Allowed > 0).Select(line => line.Subject.Key).ToHashSet();
        var keys = listed.Select(key => key.Key.Text).Concat(sheet.Lines.Select(line => line.Subject.Key));
        long? sum = 0;
        foreach (var key in keys.Distinct(StringComparer.Ordinal))
        {
            var bucket = new BucketId(Partition.Key, tenant, key);
            var charged = await charges.CloseDayAsync(bucket, day, cancellation).ConfigureAwait(false);
            // A key that was never admitted has no bucket.
            sum += charged ?? (admitted.Contains(key) ? null : 0);
        }
        return sum;
    }
}
