using Azure;
using Azure.Data.Tables;
using Limiter.Domain;
using Limiter.Domain.Tenants;
using Limiter.Domain.Usage;
using Limiter.Engine.Ports;
using Limiter.Tables.Rows;

namespace Limiter.Tables.Usage;

/// <summary>Reads the rows of one grain.</summary>
internal sealed class UsageTable(StoredTable table, UsageGrain grain)
{
    /// <summary>Most partitions that one page looks into, each by one request.</summary>
    public const int PartitionsPerPageMax = 64;

    private readonly UsageKeys _keys = UsageKeys.Of(grain);

    /// <summary>A tenant's rows of some time: from one partition of each coarser period, one after another.</summary>
    public async ValueTask<UsagePage<T>> ListAsync<T>(
        TenantId tenant, Instant from, Instant until, string? after, int take, Func<TableEntity, T> read,
        CancellationToken cancellation)
    {
        until = Instant.Min(until, UsageKeys.TimeEnd);
        var items = new List<T>();
        var (whole, last) = after is null ? (_keys.WholeOf(from), "") : Resume(after, tenant, from, until);
        for (var asked = 0; whole < until; asked++, whole = _keys.EndOf(whole), last = "")
        {
            var partition = _keys.Partition(tenant, Instant.Max(whole, from));
            if (asked == PartitionsPerPageMax)
                return new UsagePage<T>(items, new UsageCursor(partition, "").ToString());
            var range = _keys.RowsOf(tenant, whole, from, until).After(last);
            if (range.IsEmpty) continue;
            var rows = await table.RangeAsync(partition, range, take - items.Count, cancellation)
                .ConfigureAwait(false);
            items.AddRange(rows.Select(read));
            if (items.Count == take) return new UsagePage<T>(items, CursorAfter(rows[^1]));
        }
        return new UsagePage<T>(items, null);
    }

    /// <summary>All rows of a coarser period, shard by shard.</summary>
    public async ValueTask<UsagePage<UsagePart>> PartsAsync(
        Instant whole, string? after, int take, CancellationToken cancellation)
    {
        var (partitions, rows) = (_keys.PartitionsOf(whole), new List<TableEntity>());
        if (after is not null)
        {
            var cursor = UsageCursor.Parse(after);
            if (!partitions.Holds(cursor.Partition)) throw UsageCursor.Wrong(after);
            var rest = new KeyRange(StorageKey.Next(cursor.Row), StorageKey.AfterAll);
            rows = await table.RangeAsync(cursor.Partition, rest, take, cancellation).ConfigureAwait(false);
            partitions = partitions.After(cursor.Partition);
        }
        if (rows.Count < take)
            rows.AddRange(await table.RangeAsync(partitions, take - rows.Count, cancellation).ConfigureAwait(false));
        return PageOf(rows, take);
    }

    /// <summary>The rows of some minutes of an hour, shard by shard.</summary>
    public async ValueTask<UsagePage<UsagePart>> MinutesAsync(
        Instant from, Instant until, string? after, int take, CancellationToken cancellation)
    {
        var (first, end) = (from.UnixMilliseconds, until.UnixMilliseconds);
        var (partitions, rows) = (_keys.PartitionsOf(_keys.WholeOf(from)), new List<TableEntity>());
        if (after is not null)
        {
            var cursor = UsageCursor.Parse(after);
            if (!partitions.Holds(cursor.Partition)) throw UsageCursor.Wrong(after);
            rows = await table.MinutesAsync(cursor.Partition, cursor.Row, first, end, take, cancellation)
                .ConfigureAwait(false);
            partitions = partitions.After(cursor.Partition);
        }
        if (rows.Count < take)
            rows.AddRange(await table.MinutesAsync(partitions, first, end, take - rows.Count, cancellation)
                .ConfigureAwait(false));
        return PageOf(rows, take);
    }

    /// <summary>Deletes the first rows of coarser periods before a time; returns how many there were.</summary>
    public async ValueTask<int> DeleteAsync(Instant before, int take, CancellationToken cancellation)
    {
        var rows = await table.RangeAsync(_keys.PartitionsBefore(before), take, cancellation).ConfigureAwait(false);
        // One that another process deletes meanwhile ends its transaction; the next call finds what is left.
        await Parallel.ForEachAsync(Batches.Of(rows), Writes.AtOnce(cancellation), async (batch, stop) =>
            await table.TransactAsync([.. batch.Select(Deletion)], stop).ConfigureAwait(false)).ConfigureAwait(false);
        return rows.Count;
    }

    /// <summary>The first coarser period, not before a time, that has rows; null for none.</summary>
    public async ValueTask<Instant?> FirstAsync(Instant from, CancellationToken cancellation)
    {
        var rows = await table.RangeAsync(_keys.PartitionsFrom(from), 1, cancellation).ConfigureAwait(false);
        return rows is [var first] ? Damage.Guard(first, row => _keys.ReadWhole(row.PartitionKey)) : null;
    }

    private (Instant Whole, string Row) Resume(string after, TenantId tenant, Instant from, Instant until)
    {
        var cursor = UsageCursor.Parse(after);
        try
        {
            var whole = _keys.ReadWhole(cursor.Partition);
            if (whole >= _keys.WholeOf(from) && whole < until
                && _keys.Partition(tenant, Instant.Max(whole, from)) == cursor.Partition
                && (cursor.Row.Length == 0 || _keys.RowsOf(tenant, whole, from, until).Holds(cursor.Row)))
                return (whole, cursor.Row);
        }
        catch (FormatException)
        {
            // As below.
        }
        throw UsageCursor.Wrong(after);
    }

    private UsagePage<UsagePart> PageOf(List<TableEntity> rows, int take) => new(
        [.. rows.Select(row => UsageRows.ReadPart(grain, row))], rows.Count < take ? null : CursorAfter(rows[^1]));

    private static TableTransactionAction Deletion(TableEntity row) =>
        new(TableTransactionActionType.Delete, row, ETag.All);

    private static string CursorAfter(TableEntity row) => new UsageCursor(row.PartitionKey, row.RowKey).ToString();
}
