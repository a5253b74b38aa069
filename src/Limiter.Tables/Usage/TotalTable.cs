using Azure;
using Azure.Data.Tables;
using Limiter.Domain.Tenants;
using Limiter.Domain.Usage;
using Limiter.Tables.Rows;

namespace Limiter.Tables.Usage;

/// <summary>Writes totals.</summary>
internal sealed class TotalTable(StoredTable table)
{
    /// <summary>
    /// Adds what is not there, by transactions; what came with one that is there, one by one. A total whose answer was
    /// lost is sent again and then found: it counts as one that was there, and whoever compares finds no difference.
    /// </summary>
    /// <returns>The tenants whose total was there.</returns>
    public async ValueTask<IReadOnlyList<TenantId>> AddAsync(
        IReadOnlyList<UsageTotal> totals, CancellationToken cancellation)
    {
        var refused = await RefusedAsync(
            Batches.Of(totals.Select(UsageRows.Write)),
            batch => table.TransactAsync([.. batch.Select(Addition)], cancellation),
            cancellation).ConfigureAwait(false);
        if (refused.Count == 0) return [];
        var there = await RefusedAsync(
            [.. refused.SelectMany(batch => batch)], row => table.AddAsync(row, cancellation), cancellation)
            .ConfigureAwait(false);
        var keys = UsageKeys.Of(totals[0].Period.Grain);
        return [.. there.Select(row => keys.Read(row).Tenant)];
    }

    /// <returns>False when it has changed, or is not there.</returns>
    public async ValueTask<bool> ReplaceAsync(UsageTotal total, string version, CancellationToken cancellation) =>
        await table.ReplaceAsync(UsageRows.Write(total), new ETag(version), cancellation).ConfigureAwait(false)
            == WriteOutcome.Done;

    private static TableTransactionAction Addition(TableEntity row) => new(TableTransactionActionType.Add, row);

    /// <summary>Those of which something is there already.</summary>
    private static async Task<List<T>> RefusedAsync<T>(
        List<T> additions, Func<T, Task<WriteOutcome>> add, CancellationToken cancellation)
    {
        var refused = new bool[additions.Count];
        await Parallel.ForAsync(
            0,
            additions.Count,
            Writes.AtOnce(cancellation),
            async (i, _) => refused[i] = await add(additions[i]).ConfigureAwait(false) != WriteOutcome.Done)
            .ConfigureAwait(false);
        return [.. additions.Where((_, i) => refused[i])];
    }
}
