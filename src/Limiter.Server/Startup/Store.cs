using Limiter.Domain;
using Limiter.Engine.InMemory;
using Limiter.Engine.Ports;
using Limiter.Server.Options;
using Limiter.Sqlite;

namespace Limiter.Server.Startup;

/// <summary>The adapters that the server runs on: the embedded store, or this process's memory.</summary>
/// <param name="Buckets">The buckets.</param>
/// <param name="Sweeper">The same buckets, for deleting those at rest.</param>
/// <param name="Charges">The same buckets, for closing their days.</param>
/// <param name="Directory">Tenants and keys.</param>
/// <param name="Usage">What was counted.</param>
/// <param name="Alerts">Of what tenants are told, and the outbox.</param>
/// <param name="RememberedChecks">The journal of checks that carried an id.</param>
/// <param name="LatestTime">The latest time that was stored before; null for none.</param>
/// <param name="Trouble">
/// Why nothing can be written, in a few words without the file's name; null when all is well.
/// </param>
/// <param name="Owner">What is to be closed at the end; null for nothing.</param>
internal sealed record Store(
    IBuckets Buckets, IBucketSweeper Sweeper, IDayCharges Charges, IDirectory Directory, IUsageStore Usage,
    IAlertStore Alerts, IRememberedChecks RememberedChecks,
    Instant? LatestTime, Func<string?> Trouble, IAsyncDisposable? Owner)
    : IAsyncDisposable
{
    /// <exception cref="StoreException">The data folder cannot be used.</exception>
    public static Store Open(ServerOptions options, TimeProvider clock, ILoggerFactory loggers)
    {
        if (options.Data == ServerOptions.InMemory)
        {
            var buckets = new InMemoryBuckets(clock);
            return new Store(
                buckets, buckets, buckets, new InMemoryDirectory(), new InMemoryUsage(clock),
                new InMemoryAlerts(), new InMemoryRememberedChecks(clock), null, static () => null, null);
        }
        var sqlite = SqliteStore.Open(
            new SqliteStoreOptions { Folder = options.Data }, clock, loggers.CreateLogger<SqliteStore>());
        return new Store(
            sqlite.Buckets, sqlite.Buckets, sqlite.Buckets, sqlite.Directory, sqlite.Usage, sqlite.Alerts,
            sqlite.RememberedChecks, sqlite.LatestTime,
            () => Short(sqlite.Trouble, sqlite.File), sqlite);
    }

    public ValueTask DisposeAsync() => Owner?.DisposeAsync() ?? ValueTask.CompletedTask;

    /// <summary>
    /// The cause alone: whoever may ask for readiness need not know where the file is, nor SQLite's own words.
    /// </summary>
    internal static string? Short(string? trouble, string file)
    {
        if (trouble is null) return null;
        var named = file + ": ";
        if (!trouble.StartsWith(named, StringComparison.Ordinal)) return "the store failed";
        var cause = trouble[named.Length..].Split(" (", 2)[0];
        return cause.Contains(file, StringComparison.Ordinal) ? "the store failed" : cause;
    }
}
