using Microsoft.Data.Sqlite;

namespace Limiter.Sqlite.Files;

/// <summary>Opens connections to the store's file, each with the settings that its use needs.</summary>
internal sealed class Connector(SqliteStoreOptions options)
{
    /// <summary>Opening waits longer than writing: another process may be migrating the file.</summary>
    private const int OpenTimeoutMs = 5_000;

    private const int SwitchTriesMax = 100;

    // FULL: a commit is on the disk when it returns, through a loss of power too. fullfsync is the same on macOS.
    private const string WriterSettings = """
        PRAGMA synchronous=FULL;
        PRAGMA fullfsync=ON;
        PRAGMA checkpoint_fullfsync=ON;
        PRAGMA foreign_keys=ON;
        PRAGMA wal_autocheckpoint=4000;
        PRAGMA journal_size_limit=67108864;
        PRAGMA cache_size=-32768;
        PRAGMA temp_store=MEMORY;
        """;

    public string File => options.File;

    /// <summary>Opens the file for the first time in this process: makes or migrates it when that is needed.</summary>
    /// <exception cref="StoreException">The folder or the file cannot be used.</exception>
    public Database OpenFirst()
    {
        DataFolder.Prepare(options.Folder);
        return Guarded(() =>
        {
            var database = Open(SqliteOpenMode.ReadWriteCreate, OpenTimeoutMs);
            try
            {
                // A file that is refused is left as it is, its write-ahead log too.
                database.CheckpointOnClose(false);
                CheckAtOnce(database);
                database.CheckpointOnClose(true);
                UseWriteAheadLog(database);
                database.Execute(WriterSettings);
                Schema.Migrate(database, File);
                SetBusyTimeout(database, (int)options.BusyTimeout.TotalMilliseconds);
                return database;
            }
            catch
            {
                database.Dispose();
                throw;
            }
        });
    }

    /// <exception cref="StoreException">The file cannot be opened.</exception>
    public Database OpenWriter() => Guarded(() =>
        Open(SqliteOpenMode.ReadWrite, (int)options.BusyTimeout.TotalMilliseconds, WriterSettings));

    /// <exception cref="StoreException">The file cannot be opened.</exception>
    public Database OpenReader() => Guarded(() =>
        Open(SqliteOpenMode.ReadWrite, OpenTimeoutMs, "PRAGMA query_only=ON"));

    /// <summary>
    /// Opens a file that is there and of this program's version, without a way to write it: a server may be running.
    /// </summary>
    /// <exception cref="StoreException">It is not there, cannot be opened, or is of another version.</exception>
    public Database OpenReadOnly() => Guarded(() =>
    {
        if (!System.IO.File.Exists(File)) throw new StoreException($"{File}: there is no such file.");
        var database = Open(SqliteOpenMode.ReadOnly, OpenTimeoutMs);
        try
        {
            CheckAtOnce(database);
            if (database.Number("PRAGMA user_version") == Schema.Version) return database;
            throw new StoreException(
                $"{File}: it was last used by an older Limiter: start this one's server on it once.");
        }
        catch
        {
            database.Dispose();
            throw;
        }
    });

    /// <exception cref="StoreException">The file cannot be opened.</exception>
    public Database OpenForBackup() => Guarded(() => Open(SqliteOpenMode.ReadWrite, OpenTimeoutMs));

    // One snapshot: another process may be making the file just now.
    private void CheckAtOnce(Database database)
    {
        database.Execute("BEGIN");
        Schema.Check(database, File);
        database.Rollback();
    }

    private static void UseWriteAheadLog(Database database)
    {
        var mode = SwitchToWriteAheadLog(database);
        if (mode != "wal")
            throw new StoreException(
                $"The data folder's file system cannot hold a write-ahead log (the mode is {mode}): use a local disk.");
    }

    // SQLite does not wait here when another process makes the same change, since each would wait for the other:
    // taking the write lock waits until that one is done.
    private static string SwitchToWriteAheadLog(Database database)
    {
        for (var tried = 1; ; tried++)
        {
            try
            {
                return database.Text("PRAGMA journal_mode=WAL");
            }
            catch (SqliteException exception) when (Failure.IsBusy(exception) && tried < SwitchTriesMax)
            {
                database.Execute("BEGIN IMMEDIATE; ROLLBACK");
            }
        }
    }

    private static void SetBusyTimeout(Database database, int milliseconds) =>
        database.Execute(FormattableString.Invariant($"PRAGMA busy_timeout={milliseconds}"));

    private Database Open(SqliteOpenMode mode, int busyTimeoutMs, string settings = "")
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = File,
            Mode = mode,
            Pooling = false,
        }.ToString());
        try
        {
            connection.Open();
            var database = new Database(connection);
            SetBusyTimeout(database, busyTimeoutMs);
            database.Execute(settings);
            return database;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    private Database Guarded(Func<Database> open)
    {
        try
        {
            return open();
        }
        catch (SqliteException exception)
        {
            throw new StoreException(Failure.Describe(File, exception), exception);
        }
    }
}
