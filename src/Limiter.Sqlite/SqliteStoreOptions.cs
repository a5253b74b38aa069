using Limiter.Engine.Ports;

namespace Limiter.Sqlite;

/// <summary>Where the embedded store is and how much it may hold in memory.</summary>
public sealed record SqliteStoreOptions
{
    /// <summary>The file's name in the data folder.</summary>
    public const string FileName = "limiter.db";

    /// <summary>The data folder; it is created when only its last part is missing.</summary>
    public required string Folder { get; init; }

    /// <summary>How long a write waits for another process that writes the same file; 1 ms to 1 minute.</summary>
    public TimeSpan BusyTimeout { get; init; } = TimeSpan.FromMilliseconds(250);

    /// <summary>
    /// Shortest time from one commit of several requests to the next, so that what comes in between shares it: a commit
    /// costs the processor as much as some ten requests. 0 to 100 ms. Whatever comes first after a shared one waits for
    /// the rest of it; after one of a single request nothing waits.
    /// </summary>
    public TimeSpan CommitPace { get; init; } = TimeSpan.FromMilliseconds(4);

    /// <summary>Most requests that wait for the writer; a further one fails at once. At least 1.</summary>
    public int QueueMax { get; init; } = 20_000;

    /// <summary>Most buckets kept decoded in memory, oldest out first; at least 1.</summary>
    public int CachedBucketsMax { get; init; } = 20_000;

    /// <summary>1 to <see cref="DirectoryBounds.KeysPerTenantMax"/>.</summary>
    public int KeysPerTenantMax { get; init; } = DirectoryBounds.KeysPerTenantMax;

    internal string File => Path.Combine(Folder, FileName);

    internal void Check()
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(Folder);
        ArgumentOutOfRangeException.ThrowIfLessThan(BusyTimeout, TimeSpan.FromMilliseconds(1));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(BusyTimeout, TimeSpan.FromMinutes(1));
        ArgumentOutOfRangeException.ThrowIfLessThan(CommitPace, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(CommitPace, TimeSpan.FromMilliseconds(100));
        ArgumentOutOfRangeException.ThrowIfLessThan(QueueMax, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(CachedBucketsMax, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(KeysPerTenantMax, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(KeysPerTenantMax, DirectoryBounds.KeysPerTenantMax);
    }
}
