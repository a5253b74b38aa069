using Limiter.Sqlite.Files;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;

namespace Limiter.Sqlite.Writing;

/// <summary>
/// The connection that writes. A failed connection is opened again at the next use. The writer's thread only.
/// </summary>
internal sealed class WriterSession(Database first, Connector connector, ILogger logger) : IDisposable
{
    /// <summary>Most times that one transaction is tried.</summary>
    public const int TriesMax = 3;

    private Database? _database = first;
    private string? _trouble;

    /// <summary>Why the last transaction failed; null when it did not. Thread-safe.</summary>
    public string? Trouble => Volatile.Read(ref _trouble);

    /// <summary>
    /// Runs a change in one transaction and commits it: it is durable when this returns. A conflict or a failure is
    /// rolled back and tried again, unless another process holds the lock for longer than the busy timeout.
    /// </summary>
    /// <param name="change">Is told which try it is, from 1. Nothing that it kept of an earlier try holds.</param>
    /// <exception cref="StoreException">The file cannot be opened again.</exception>
    /// <exception cref="SqliteException">SQLite failed.</exception>
    /// <exception cref="ConflictException">Another process changed the same rows at every try.</exception>
    public void Commit(Action<Database, int> change)
    {
        for (var tried = 1; ; tried++)
        {
            try
            {
                var database = _database ??= connector.OpenWriter();
                database.Execute("BEGIN IMMEDIATE");
                change(database, tried);
                database.Execute("COMMIT");
                Recovered();
                return;
            }
            catch (Exception exception)
            {
                Abandon(exception);
                if (!Failure.IsOfStore(exception)) throw;
                if (tried < TriesMax && !Failure.IsBusy(exception)) continue;
                Failed(exception);
                throw;
            }
        }
    }

    public void Dispose()
    {
        try
        {
            // Leaves one file behind, ready to be copied.
            if (_database is { } database) database.Text("PRAGMA wal_checkpoint(TRUNCATE)");
        }
        catch (SqliteException exception)
        {
            Log.NotCheckpointed(logger, exception);
        }
        _database?.Dispose();
        _database = null;
    }

    private void Abandon(Exception exception)
    {
        if (_database is null) return;
        var usable = !Failure.IsOfConnection(exception);
        try
        {
            _database.Rollback();
        }
        catch (SqliteException)
        {
            usable = false;
        }
        if (usable) return;
        _database.Dispose();
        _database = null;
    }

    private void Failed(Exception exception)
    {
        var known = Trouble is not null;
        var reason = Failure.Describe(connector.File, exception);
        Volatile.Write(ref _trouble, reason);
        if (!known) Log.Failed(logger, reason, exception);
    }

    private void Recovered()
    {
        if (Trouble is null) return;
        Volatile.Write(ref _trouble, null);
        Log.Recovered(logger, connector.File);
    }
}
