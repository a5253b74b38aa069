using Limiter.Domain;
using Limiter.Domain.Tenants;
using Limiter.Domain.Usage;
using Limiter.Engine.Ports;
using Limiter.Sqlite.Files;
using Limiter.Sqlite.Reading;
using Limiter.Sqlite.Tenants;

namespace Limiter.Sqlite.Usage;

/// <summary>
/// A store's tenants and minutes of usage, read by another program than the server: nothing is written, and a server
/// that runs on the same folder is not disturbed. Reads see what is committed when they begin.
/// </summary>
public sealed class RecordedUsage : IDisposable
{
    private readonly ReadPool _readers;
    private readonly string _file;
    private readonly UsageRowTable _rows = new();

    private RecordedUsage(ReadPool readers, string file) => (_readers, _file) = (readers, file);

    /// <summary>Opens the store of a data folder.</summary>
    /// <exception cref="StoreException">
    /// There is none, it cannot be read, or it is of another schema version. The message says which, and where.
    /// </exception>
    public static RecordedUsage Open(string folder)
    {
        var options = new SqliteStoreOptions { Folder = folder };
        options.Check();
        var connector = new Connector(options);
        connector.OpenReadOnly().Dispose();
        return new RecordedUsage(new ReadPool(connector, isReadOnly: true), options.File);
    }

    /// <inheritdoc cref="IDirectory.ListTenantsAsync"/>
    /// <exception cref="StoreException">The file cannot be read.</exception>
    public ValueTask<IReadOnlyList<TenantRecord>> ListTenantsAsync(
        TenantId? after, int take, CancellationToken cancellation)
    {
        UsageBounds.CheckPage(take);
        return ReadAsync<IReadOnlyList<TenantRecord>>(
            database => TenantTable.Page(database, after, take), cancellation);
    }

    /// <inheritdoc cref="IUsageStore.ListRowsAsync"/>
    /// <exception cref="StoreException">The file or a row cannot be read.</exception>
    public ValueTask<UsagePage<UsageRow>> ListRowsAsync(
        TenantId tenant, Instant from, Instant until, string? after, int take, CancellationToken cancellation)
    {
        UsageBounds.CheckPage(take);
        var cursor = UsageCursor.Of(tenant, from, after);
        return ReadAsync(database => _rows.List(database, cursor, until, take), cancellation);
    }

    public void Dispose() => _readers.Dispose();

    private async ValueTask<T> ReadAsync<T>(Func<Database, T> read, CancellationToken cancellation)
    {
        try
        {
            return await _readers.ReadAsync(read, cancellation).ConfigureAwait(false);
        }
        catch (Exception exception) when (Failure.IsOfData(exception))
        {
            throw new StoreException(Failure.Describe(_file, exception), exception);
        }
    }
}
