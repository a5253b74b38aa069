using Limiter.Domain;
using Limiter.Domain.Usage;
using Limiter.Engine.Ports;
using Limiter.Tables.Rows;

namespace Limiter.Tables.Usage;

/// <summary>Writes the edges' rows.</summary>
internal sealed class RowTable(StoredTable table, LateTable late, TimeProvider clock)
{
    /// <remarks>
    /// Another's failure does not end a write that is under way: it goes on to its mark, so that as little as possible
    /// is saved late and unnoticed. Whoever saves all rows again makes it whole.
    /// </remarks>
    public Task SaveAsync(IReadOnlyList<UsageRow> rows, CancellationToken cancellation) => Parallel.ForEachAsync(
        Batches.Of(rows.Select(UsageRows.Write)),
        Writes.AtOnce(cancellation),
        async (batch, _) =>
        {
            await table.UpsertAsync(batch, cancellation).ConfigureAwait(false);
            var keys = UsageKeys.Of(UsageGrain.Minute);
            var hour = keys.ReadWhole(batch[0].PartitionKey);
            // Asked after the write: a row that took effect in time can be marked, one that did not never goes without.
            if (Instant.From(clock.GetUtcNow()) - keys.EndOf(hour) < IUsageStore.LateMs) return;
            var tenants = batch.Select(row => keys.Read(row).Tenant).Distinct();
            await late.MarkAsync(hour, tenants, cancellation).ConfigureAwait(false);
        });
}
