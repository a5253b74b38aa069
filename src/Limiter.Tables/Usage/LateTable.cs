using System.Globalization;
using Azure;
using Azure.Data.Tables;
using Limiter.Domain;
using Limiter.Domain.Tenants;
using Limiter.Engine.Ports;
using Limiter.Tables.Rows;

namespace Limiter.Tables.Usage;

/// <summary>Marks of the hours that had late rows. Every further late row gives a mark another version.</summary>
internal sealed class LateTable(StoredTable table)
{
    private const string Partition = "late";
    private const string HourFormat = "yyyyMMddHH";

    /// <param name="tenants">At least one, none of them twice.</param>
    public async ValueTask MarkAsync(Instant hour, IEnumerable<TenantId> tenants, CancellationToken cancellation)
    {
        var marks = tenants.Select(tenant => new TableEntity(Partition, Row(hour, tenant)));
        foreach (var batch in Batches.Of(marks)) await table.UpsertAsync(batch, cancellation).ConfigureAwait(false);
    }

    public async ValueTask<IReadOnlyList<LateUsage>> ListAsync(int take, CancellationToken cancellation)
    {
        var all = new KeyRange("", StorageKey.AfterAll);
        var rows = await table.RangeAsync(Partition, all, take, cancellation).ConfigureAwait(false);
        return rows.ConvertAll(row => Damage.Guard(row, Read));
    }

    public async ValueTask ForgetAsync(LateUsage late, CancellationToken cancellation)
    {
        var mark = new TableEntity(Partition, Row(late.Hour, late.Tenant)) { ETag = new ETag(late.Version) };
        // One that changed or is gone shall stay as it is.
        await table.DeleteAsync(mark, cancellation).ConfigureAwait(false);
    }

    private static string Row(Instant hour, TenantId tenant) => StorageKey.Encode(
        hour.ToDateTimeOffset().ToString(HourFormat, CultureInfo.InvariantCulture), tenant.Text);

    private static LateUsage Read(TableEntity row)
    {
        if (StorageKey.Decode(row.RowKey) is not [var hour, var name]
            || (!TenantId.TryParse(name, out var tenant) && name.Length > 0))
            throw new FormatException("its key is none of a late hour");
        var start = DateTimeOffset.ParseExact(
            hour, HourFormat, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);
        return new LateUsage(tenant, Instant.From(start), row.ETag.ToString());
    }
}
