using Limiter.Domain;
using Limiter.Domain.Buckets;
using Limiter.Domain.Policies;
using Limiter.Domain.Tenants;
using Limiter.Domain.Usage;
using Limiter.Engine.Ports;

namespace Limiter.Engine.Usage;

/// <summary>What a tenant's buckets charged on a day, where they can tell.</summary>
internal sealed class ChargedDays(IDayCharges charges, Func<Policy> policy, Action<Exception> onFailure)
{
    /// <param name="sheet">What was counted of the day: it names the keys.</param>
    /// <returns>
    /// Null for anonymous callers and for a policy that counts by address alone, whose buckets nobody lists; when more
    /// keys were used than the sheet names; and when a bucket does not know the day, or cannot be read.
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
        long? sum = 0;
        foreach (var lines in sheet.Lines.GroupBy(line => line.Subject.Key))
        {
            if (lines.Any(line => line.Subject.IsOther)) return null;
            var bucket = new BucketId(Partition.Key, tenant, lines.Key);
            var charged = await charges.CloseDayAsync(bucket, day, cancellation).ConfigureAwait(false);
            // A key that only ever was refused has no bucket.
            sum += charged ?? (lines.All(line => line.Counts.Allowed == 0) ? 0 : null);
        }
        return sum;
    }
}
