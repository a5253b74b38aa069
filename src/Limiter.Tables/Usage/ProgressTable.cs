using Azure.Data.Tables;
using Limiter.Domain;
using Limiter.Domain.Usage;
using Limiter.Tables.Rows;

namespace Limiter.Tables.Usage;

/// <summary>How far each grain is summed up.</summary>
internal sealed class ProgressTable(StoredTable table, TimeProvider clock)
{
    private const string Partition = "progress";
    private const string UntilName = "Until";

    public async ValueTask<Instant?> FindAsync(UsageGrain grain, CancellationToken cancellation) =>
        await FindRowAsync(grain, cancellation).ConfigureAwait(false) is { } row ? UntilOf(row) : null;

    public async ValueTask SaveAsync(UsageGrain grain, Instant until, CancellationToken cancellation)
    {
        for (var attempts = new Attempts($"the progress of {grain} totals", clock); ;)
        {
            await attempts.NextAsync(cancellation).ConfigureAwait(false);
            var row = await FindRowAsync(grain, cancellation).ConfigureAwait(false);
            if (row is not null && UntilOf(row) >= until) return;
            var next = new TableEntity(Partition, RowOf(grain)) { [UntilName] = until.UnixMilliseconds };
            var outcome = row is null
                ? await table.AddAsync(next, cancellation).ConfigureAwait(false)
                : await table.ReplaceAsync(next, row.ETag, cancellation).ConfigureAwait(false);
            if (outcome == WriteOutcome.Done) return;
        }
    }

    private Task<TableEntity?> FindRowAsync(UsageGrain grain, CancellationToken cancellation) =>
        table.FindAsync(Partition, RowOf(grain), cancellation);

    private static string RowOf(UsageGrain grain) => UsageKeys.Of(grain).Kind;

    private static Instant UntilOf(TableEntity row) => Damage.Guard(row, row => new Instant(row.Number(UntilName)));
}
