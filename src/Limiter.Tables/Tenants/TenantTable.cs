using Azure.Data.Tables;
using Limiter.Domain.Tenants;
using Limiter.Engine.Ports;
using Limiter.Tables.Rows;

namespace Limiter.Tables.Tenants;

/// <summary>
/// The tenants' rows, all in one partition with the counter of versions: a save moves the counter and writes the
/// tenant in one transaction, so versions rise in the order of the saves, whoever makes them, also across a removal.
/// </summary>
internal sealed class TenantTable(
    StoredTable table, KeyTable keys, ChangeTable changes, Gates gates, TimeProvider clock)
{
    private const string CounterRow = "version";
    private const string CounterValue = "Version";

    public async Task<TenantRow?> FindAsync(TenantId tenant, CancellationToken cancellation)
    {
        var row = await FindRowAsync(tenant, cancellation).ConfigureAwait(false);
        return row is null ? null : TenantRow.Read(row);
    }

    public async Task<List<TenantRecord>> PageAsync(TenantId? after, int take, CancellationToken cancellation)
    {
        var start = after is { } name ? TenantRow.KeyOf(name.Text) : TenantRow.Start;
        var rows = await table.PageAsync(TenantRow.Partition, start, TenantRow.End, take, cancellation)
            .ConfigureAwait(false);
        return rows.ConvertAll(row => TenantRow.Read(row).Record);
    }

    /// <summary>
    /// Null when the directory does not hold the version that the record was made from, or holds it only until its
    /// removal has ended.
    /// </summary>
    public async Task<TenantRecord?> SaveAsync(
        TenantRecord tenant, ChangeRecord? change, CancellationToken cancellation)
    {
        using var pass = await gates.EnterAsync(TenantRow.Partition, cancellation).ConfigureAwait(false);
        var stamp = Stamp.New();
        string? opened = null;
        for (var attempts = new Attempts($"tenant {tenant.Id}", clock); ;)
        {
            await attempts.NextAsync(cancellation).ConfigureAwait(false);
            var row = await FindRowAsync(tenant.Id, cancellation).ConfigureAwait(false);
            var known = row is null ? null : TenantRow.Read(row);
            // An earlier attempt took effect, and its answer was lost.
            if (known?.Stamp == stamp) return known.Record;
            if ((known?.Record.Version ?? 0) != tenant.Version || known is { IsClosing: true })
            {
                if (opened is not null) await keys.ForgetAsync(opened, cancellation).ConfigureAwait(false);
                return null;
            }
            // The keys' book comes first: without it a tenant could have no keys, and nothing finds a book alone.
            var life = known?.Life ?? (opened ??= await keys.OpenAsync(cancellation).ConfigureAwait(false));
            var counter = await table.FindAsync(TenantRow.Partition, CounterRow, cancellation).ConfigureAwait(false);
            var version = counter is null ? 1 : Damage.Guard(counter, row => row.Number(CounterValue)) + 1;
            var saved = new TenantRow(tenant with { Version = version }, life, stamp);
            var next = new TableEntity(TenantRow.Partition, CounterRow) { [CounterValue] = version };
            var told = await changes.StepsAsync(change, stamp, cancellation).ConfigureAwait(false);
            var outcome = await table
                .TransactAsync([Put(next, counter), Put(saved.ToEntity(), row), .. told], cancellation)
                .ConfigureAwait(false);
            if (outcome == WriteOutcome.Done) return saved.Record;
        }
    }

    /// <summary>
    /// Begins a removal, and tells of it, in one transaction: from then on nobody changes the row. One that has begun
    /// is told already.
    /// </summary>
    /// <param name="tenant">Whose.</param>
    /// <param name="version">Only while it has this version; null: whichever it has.</param>
    /// <param name="change">What is told of it; null for nothing.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <returns>The row as it stays; none when there is no tenant, or it has another version.</returns>
    public async Task<(TenantRemoval Outcome, TenantRow? Row)> BeginRemovalAsync(
        TenantId tenant, long? version, ChangeRecord? change, CancellationToken cancellation)
    {
        using var pass = await gates.EnterAsync(TenantRow.Partition, cancellation).ConfigureAwait(false);
        var stamp = Stamp.New();
        for (var attempts = new Attempts($"tenant {tenant}", clock); ;)
        {
            await attempts.NextAsync(cancellation).ConfigureAwait(false);
            var row = await FindRowAsync(tenant, cancellation).ConfigureAwait(false);
            if (row is null) return (TenantRemoval.NoSuchTenant, null);
            var known = TenantRow.Read(row);
            if (version is not null && version != known.Record.Version) return (TenantRemoval.Changed, null);
            if (known.IsClosing) return (TenantRemoval.Removed, known);
            var closing = known with { IsClosing = true, Stamp = stamp };
            var told = await changes.StepsAsync(change, stamp, cancellation).ConfigureAwait(false);
            var outcome = await table.TransactAsync([Put(closing.ToEntity(), row), .. told], cancellation)
                .ConfigureAwait(false);
            if (outcome == WriteOutcome.Done) return (TenantRemoval.Removed, closing);
        }
    }

    /// <summary>Deletes the row of a life; nothing when the life has ended.</summary>
    public async Task DeleteAsync(TenantId tenant, string life, CancellationToken cancellation)
    {
        using var pass = await gates.EnterAsync(TenantRow.Partition, cancellation).ConfigureAwait(false);
        for (var attempts = new Attempts($"tenant {tenant}", clock); ;)
        {
            await attempts.NextAsync(cancellation).ConfigureAwait(false);
            var row = await FindRowAsync(tenant, cancellation).ConfigureAwait(false);
            if (row is null || TenantRow.Read(row).Life != life) return;
            var outcome = await table.DeleteAsync(row, cancellation).ConfigureAwait(false);
            if (outcome is WriteOutcome.Done or WriteOutcome.Missing) return;
        }
    }

    private static TableTransactionAction Put(TableEntity row, TableEntity? old) => old is null
        ? new TableTransactionAction(TableTransactionActionType.Add, row)
        : new TableTransactionAction(TableTransactionActionType.UpdateReplace, row, old.ETag);

    private Task<TableEntity?> FindRowAsync(TenantId tenant, CancellationToken cancellation) =>
        table.FindAsync(TenantRow.Partition, TenantRow.KeyOf(tenant.Text), cancellation);
}
