using Limiter.Domain;
using Limiter.Sqlite.Alerts;
using Limiter.Sqlite.Buckets;
using Limiter.Sqlite.Checks;
using Limiter.Sqlite.Files;
using Limiter.Sqlite.Reading;
using Limiter.Sqlite.Tenants;
using Limiter.Sqlite.Usage;
using Limiter.Sqlite.Writing;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;

namespace Limiter.Sqlite;

/// <summary>
/// The embedded store: one SQLite file in a data folder. Several processes may share it, on one machine. What it says
/// is done is on the disk, and outlives a loss of power.
/// </summary>
public sealed class SqliteStore : IAsyncDisposable
{
    private readonly Connector _connector;
    private readonly WriterSession _session;
    private readonly Writer _writer;
    private readonly ReadPool _readers;

    private SqliteStore(
        SqliteStoreOptions options, Connector connector, Database first, TimeProvider clock, ILogger logger)
    {
        _connector = connector;
        LatestTime = Facts.ReadTime(first);
        var cache = new BucketCache(options.CachedBucketsMax);
        _readers = new ReadPool(connector);
        _session = new WriterSession(first, connector, logger);
        _writer = new Writer(_session, new BucketBatch(cache, clock, logger), options);
        Access = new StoreAccess(_writer, _readers, options.File);
        Buckets = new SqliteBuckets(_writer, _readers, cache, clock, options.File, logger);
        Directory = new SqliteDirectory(Access, options.KeysPerTenantMax);
        RememberedChecks = new SqliteRememberedChecks(Access, clock);
        Usage = new SqliteUsage(Access, clock);
        Alerts = new SqliteAlerts(Access);
    }

    public SqliteBuckets Buckets { get; }

    public SqliteDirectory Directory { get; }

    public SqliteRememberedChecks RememberedChecks { get; }

    public SqliteUsage Usage { get; }

    public SqliteAlerts Alerts { get; }

    /// <summary>The file, with its folder.</summary>
    public string File => _connector.File;

    /// <summary>
    /// The latest time at which a bucket, a check or usage had been stored when this store was opened: a clock that is
    /// set by hand must not start before it. Null in a new store.
    /// </summary>
    public Instant? LatestTime { get; }

    /// <summary>Why the last write failed, for whoever can mend it; null when it did not.</summary>
    public string? Trouble => _session.Trouble;

    internal StoreAccess Access { get; }

    /// <summary>
    /// Opens the store; makes the file, or brings it to this program's schema version, when that is needed.
    /// </summary>
    /// <param name="clock">The buckets' clock.</param>
    /// <exception cref="StoreException">
    /// The folder or the file cannot be used: missing, not writable, locked, damaged, another program's, or of a newer
    /// version. The message says which, and where.
    /// </exception>
    public static SqliteStore Open(SqliteStoreOptions options, TimeProvider clock, ILogger<SqliteStore> logger)
    {
        options.Check();
        var connector = new Connector(options);
        var first = connector.OpenFirst();
        try
        {
            var store = new SqliteStore(options, connector, first, clock, logger);
            Log.Opened(logger, options.File);
            return store;
        }
        catch (SqliteException exception)
        {
            first.Dispose();
            throw new StoreException(Failure.Describe(options.File, exception), exception);
        }
    }

    /// <summary>
    /// Writes a consistent copy of the store while it runs. The copy appears under its name only when it is complete
    /// and on the disk. To restore it, put it in a stopped server's data folder as
    /// <see cref="SqliteStoreOptions.FileName"/>, without the files that ended in <c>-wal</c> and <c>-shm</c>.
    /// </summary>
    /// <param name="file">The copy; it must not exist, its folder must.</param>
    /// <exception cref="StoreException">The copy exists already, or cannot be written.</exception>
    public Task BackupAsync(string file, CancellationToken cancellation) => Task.Factory.StartNew(
        () => Backup.Write(_connector, Path.GetFullPath(file), cancellation),
        cancellation,
        TaskCreationOptions.LongRunning,
        TaskScheduler.Default);

    /// <summary>Answers what waits, moves the write-ahead log into the file, and closes it.</summary>
    public async ValueTask DisposeAsync()
    {
        // The readers go first: the log can be moved only when nobody reads from it.
        _readers.Dispose();
        await _writer.DisposeAsync().ConfigureAwait(false);
    }
}
