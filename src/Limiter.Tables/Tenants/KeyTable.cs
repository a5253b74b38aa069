using Azure;
using Azure.Data.Tables;
using Limiter.Domain.Tenants;
using Limiter.Engine.Ports;
using Limiter.Tables.Rows;

namespace Limiter.Tables.Tenants;

/// <summary>
/// The keys of each tenant's life, in a partition of their own with a <em>book</em>: a row that counts them and is
/// closed before the tenant goes. Every addition and removal rewrites the book in its transaction, so the count is
/// exact, and nothing is added once the book is closed or gone.
/// </summary>
internal sealed class KeyTable(StoredTable table, int keysPerTenantMax, TimeProvider clock)
{
    private const string BookRow = "book";
    private const string CountName = "Count";
    private const string ClosedName = "Closed";

    /// <summary>Begins a life; returns its name.</summary>
    public async Task<string> OpenAsync(CancellationToken cancellation)
    {
        var life = Stamp.New();
        // A repetition that finds the book finds its own: no other bears the name.
        await table.AddAsync(Book(life, 0, closed: false), cancellation).ConfigureAwait(false);
        return life;
    }

    public async Task<KeyRow?> FindAsync(string life, KeyId key, CancellationToken cancellation)
    {
        var row = await FindRowAsync(life, key, cancellation).ConfigureAwait(false);
        return row is null ? null : KeyRow.Read(row);
    }

    public async Task<List<KeyRecord>> PageAsync(
        string life, KeyId? after, int take, CancellationToken cancellation)
    {
        var start = after is { } name ? KeyRow.KeyOf(name.Text) : KeyRow.Start;
        var rows = await table.PageAsync(KeyRow.PartitionOf(life), start, KeyRow.End, take, cancellation)
            .ConfigureAwait(false);
        return rows.ConvertAll(row => KeyRow.Read(row).Record);
    }

    public async Task<KeyAddition> AddAsync(string life, KeyRow key, CancellationToken cancellation)
    {
        for (var attempts = new Attempts($"keys of {key.Record.Tenant}", clock); ;)
        {
            await attempts.NextAsync(cancellation).ConfigureAwait(false);
            var book = await FindBookAsync(life, cancellation).ConfigureAwait(false);
            if (book is null || IsClosed(book)) return KeyAddition.NoSuchTenant;
            var known = await FindAsync(life, key.Record.Key, cancellation).ConfigureAwait(false);
            // With the same stamp it is this addition's own: it took effect, and its answer was lost.
            if (known is not null) return known.Stamp == key.Stamp ? KeyAddition.Added : KeyAddition.Exists;
            if (CountOf(book) >= keysPerTenantMax) return KeyAddition.Full;
            var outcome = await table.TransactAsync(
                [
                    Recount(life, book, 1),
                    new TableTransactionAction(TableTransactionActionType.Add, key.ToEntity(life)),
                ],
                cancellation).ConfigureAwait(false);
            if (outcome == WriteOutcome.Done) return KeyAddition.Added;
        }
    }

    /// <summary>Puts a row in the place of the key that has a hash. False when there is none, or no more.</summary>
    public async Task<bool> ReplaceAsync(
        string life, CredentialHash before, KeyRow after, CancellationToken cancellation)
    {
        for (var attempts = new Attempts($"key {after.Record.Key}", clock); ;)
        {
            await attempts.NextAsync(cancellation).ConfigureAwait(false);
            var book = await FindBookAsync(life, cancellation).ConfigureAwait(false);
            var row = await FindRowAsync(life, after.Record.Key, cancellation).ConfigureAwait(false);
            if (book is null || row is null || IsClosed(book)) return false;
            var known = KeyRow.Read(row);
            if (known.Stamp == after.Stamp) return true;
            if (known.Record.Hash != before) return false;
            var next = after with { Record = after.Record with { LastUsedDay = known.Record.LastUsedDay } };
            var outcome = await table.TransactAsync(
                [
                    Recount(life, book, 0),
                    new TableTransactionAction(
                        TableTransactionActionType.UpdateReplace, next.ToEntity(life), row.ETag),
                ],
                cancellation).ConfigureAwait(false);
            if (outcome == WriteOutcome.Done) return true;
        }
    }

    /// <summary>Notes the day of a key's use, unless that or a later one is noted.</summary>
    public async Task MarkUsedAsync(string life, KeyId key, long day, CancellationToken cancellation)
    {
        for (var attempts = new Attempts($"key {key}", clock); ;)
        {
            await attempts.NextAsync(cancellation).ConfigureAwait(false);
            var row = await FindRowAsync(life, key, cancellation).ConfigureAwait(false);
            if (row is null || KeyRow.Read(row) is not { } known || known.Record.LastUsedDay >= day) return;
            var used = known with { Record = known.Record with { LastUsedDay = day } };
            var outcome = await table.ReplaceAsync(used.ToEntity(life), row.ETag, cancellation).ConfigureAwait(false);
            if (outcome is WriteOutcome.Done or WriteOutcome.Missing) return;
        }
    }

    /// <summary>Removes a key's row if it bears the stamp. Nothing when it does not, or is gone.</summary>
    public async Task RemoveAsync(string life, KeyId key, string stamp, CancellationToken cancellation)
    {
        for (var attempts = new Attempts($"key {key}", clock); ;)
        {
            await attempts.NextAsync(cancellation).ConfigureAwait(false);
            var book = await FindBookAsync(life, cancellation).ConfigureAwait(false);
            var row = await FindRowAsync(life, key, cancellation).ConfigureAwait(false);
            if (book is null || row is null || KeyRow.Read(row).Stamp != stamp) return;
            var outcome = await table.TransactAsync(
                [
                    Recount(life, book, -1),
                    new TableTransactionAction(TableTransactionActionType.Delete, row, row.ETag),
                ],
                cancellation).ConfigureAwait(false);
            if (outcome == WriteOutcome.Done) return;
        }
    }

    /// <summary>From now on nothing is added to the life.</summary>
    public async Task CloseAsync(string life, CancellationToken cancellation)
    {
        for (var attempts = new Attempts("keys of a removed tenant", clock); ;)
        {
            await attempts.NextAsync(cancellation).ConfigureAwait(false);
            var book = await FindBookAsync(life, cancellation).ConfigureAwait(false);
            if (book is null || IsClosed(book)) return;
            var outcome = await table.ReplaceAsync(Book(life, CountOf(book), closed: true), book.ETag, cancellation)
                .ConfigureAwait(false);
            if (outcome == WriteOutcome.Done) return;
        }
    }

    /// <summary>
    /// Deletes the rows of keys of a closed life. One that is gone already makes its transaction's others wait for
    /// another call.
    /// </summary>
    public async Task DeleteAsync(string life, IEnumerable<KeyRecord> keys, CancellationToken cancellation)
    {
        foreach (var some in keys.Chunk(StoredTable.TransactionMax))
            await table.TransactAsync(
                [
                    .. some.Select(key => new TableTransactionAction(
                        TableTransactionActionType.Delete,
                        new TableEntity(KeyRow.PartitionOf(life), KeyRow.KeyOf(key.Key.Text)),
                        ETag.All)),
                ],
                cancellation).ConfigureAwait(false);
    }

    /// <summary>Deletes the book of a life that has ended, or has not begun.</summary>
    public async Task ForgetAsync(string life, CancellationToken cancellation)
    {
        if (await FindBookAsync(life, cancellation).ConfigureAwait(false) is { } book)
            await table.DeleteAsync(book, cancellation).ConfigureAwait(false);
    }

    private static TableTransactionAction Recount(string life, TableEntity book, int change) => new(
        TableTransactionActionType.UpdateReplace, Book(life, CountOf(book) + change, IsClosed(book)), book.ETag);

    private static TableEntity Book(string life, int count, bool closed) =>
        new(KeyRow.PartitionOf(life), BookRow) { [CountName] = count, [ClosedName] = closed };

    private static bool IsClosed(TableEntity book) => Damage.Guard(book, row => row.GetBoolean(ClosedName) ?? false);

    private static int CountOf(TableEntity book) => Damage.Guard(book, row => row.GetInt32(CountName) ?? 0);

    private Task<TableEntity?> FindBookAsync(string life, CancellationToken cancellation) =>
        table.FindAsync(KeyRow.PartitionOf(life), BookRow, cancellation);

    private Task<TableEntity?> FindRowAsync(string life, KeyId key, CancellationToken cancellation) =>
        table.FindAsync(KeyRow.PartitionOf(life), KeyRow.KeyOf(key.Text), cancellation);
}
