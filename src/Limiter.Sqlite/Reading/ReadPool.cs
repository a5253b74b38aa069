using System.Collections.Concurrent;
using Limiter.Sqlite.Files;

namespace Limiter.Sqlite.Reading;

/// <summary>
/// Connections that only read. With the write-ahead log they neither wait for the writer nor make it wait. Each read
/// sees every commit that ended before it began.
/// </summary>
internal sealed class ReadPool(Connector connector, bool isReadOnly = false) : IDisposable
{
    /// <summary>Most reads at a time.</summary>
    public const int ConnectionsMax = 4;

    private readonly SemaphoreSlim _free = new(ConnectionsMax);
    private readonly ConcurrentStack<Database> _idle = [];
    private bool _closed;

    /// <exception cref="StoreException">The file cannot be opened, or the store is closed.</exception>
    /// <exception cref="Microsoft.Data.Sqlite.SqliteException">SQLite failed.</exception>
    public async ValueTask<T> ReadAsync<T>(Func<Database, T> read, CancellationToken cancellation)
    {
        await _free.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            if (Volatile.Read(ref _closed)) throw new StoreException($"{connector.File}: the store is closed.");
            return Read(read);
        }
        finally
        {
            _free.Release();
        }
    }

    /// <summary>Waits for the reads that are under way; further ones fail.</summary>
    public void Dispose()
    {
        Volatile.Write(ref _closed, true);
        for (var i = 0; i < ConnectionsMax; i++) _free.Wait();
        while (_idle.TryPop(out var database)) database.Dispose();
        _free.Release(ConnectionsMax);
    }

    private T Read<T>(Func<Database, T> read)
    {
        if (!_idle.TryPop(out var database))
            database = isReadOnly ? connector.OpenReadOnly() : connector.OpenReader();
        try
        {
            var result = read(database);
            _idle.Push(database);
            return result;
        }
        catch
        {
            // Whatever broke it, the next read gets a new one.
            database.Dispose();
            throw;
        }
    }
}
