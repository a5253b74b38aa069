using System.Collections.Concurrent;
using Azure.Data.Tables;
using Limiter.Domain;
using Limiter.Domain.Usage;
using Limiter.Engine.Ports;
using Limiter.Tables.Rows;

namespace Limiter.Tables.Usage;

/// <summary>Writes the edges' rows.</summary>
internal sealed class RowTable(StoredTable table, LateTable late, TimeProvider clock)
{
    // Only a row's own writer writes it, so a write that loses once meets a copy of another of its saves.
    private const int TriesMax = 5;

    /// <remarks>
    /// Another's failure does not end a write that is under way: it goes on to its mark, so that as little as possible
    /// is saved late and unnoticed. Whoever saves all rows again makes it whole.
    /// </remarks>
    public Task SaveAsync(IReadOnlyList<UsageRow> rows, CancellationToken cancellation) => Parallel.ForEachAsync(
        Batches.Of(rows.Select(UsageRows.Write)),
        Writes.AtOnce(cancellation),
        async (batch, _) =>
        {
            await SaveAsync(batch, cancellation).ConfigureAwait(false);
            var keys = UsageKeys.Of(UsageGrain.Minute);
            var hour = keys.ReadWhole(batch[0].PartitionKey);
            // Asked after the write: a row that took effect in time can be marked, one that did not never goes without.
            if (Instant.From(clock.GetUtcNow()) - keys.EndOf(hour) < IUsageStore.LateMs) return;
            var tenants = batch.Select(row => keys.Read(row).Tenant).Distinct();
            await late.MarkAsync(hour, tenants, cancellation).ConfigureAwait(false);
        });

    private async Task SaveAsync(IReadOnlyList<TableEntity> batch, CancellationToken cancellation)
    {
        // Most rows are told once: of a first state nobody looks at what is there.
        var isFirst = batch.All(static row => UsageRows.RevisionOf(row) == 1);
        for (var tries = 0; tries < TriesMax; tries++)
        {
            var steps = isFirst && tries == 0
                ? [.. batch.Select(static row => new TableTransactionAction(TableTransactionActionType.Add, row))]
                : await StepsAsync(batch, cancellation).ConfigureAwait(false);
            if (steps.Count == 0) return;
            if (await table.TransactAsync(steps, cancellation).ConfigureAwait(false) == WriteOutcome.Done) return;
        }
        throw new StoreUnavailableException($"table {table.Name}: rows of usage change all the time");
    }

    // Of each row what is to be done so that the later of two states stays, and only on what was seen here.
    private async Task<IReadOnlyCollection<TableTransactionAction>> StepsAsync(
        IReadOnlyList<TableEntity> batch, CancellationToken cancellation)
    {
        var steps = new ConcurrentBag<TableTransactionAction>();
        await Parallel.ForEachAsync(batch, Writes.AtOnce(cancellation), async (row, stop) =>
        {
            var stored = await table.FindAsync(row.PartitionKey, row.RowKey, stop).ConfigureAwait(false);
            if (stored is null) steps.Add(new TableTransactionAction(TableTransactionActionType.Add, row));
            else if (UsageRows.RevisionOf(stored) < UsageRows.RevisionOf(row))
                steps.Add(new TableTransactionAction(TableTransactionActionType.UpdateReplace, row, stored.ETag));
        }).ConfigureAwait(false);
        return steps;
    }
}
