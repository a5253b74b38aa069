using Limiter.Engine.Ports;
using Limiter.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;

namespace Limiter.Conformance;

/// <summary>An SQLite store in a folder of its own, which goes with it.</summary>
internal sealed class TemporaryStore : IAsyncDisposable
{
    private readonly DirectoryInfo _folder = System.IO.Directory.CreateTempSubdirectory("limiter-");

    public TemporaryStore(TimeProvider clock, int keysPerTenantMax = DirectoryBounds.KeysPerTenantMax) =>
        Store = SqliteStore.Open(
            new SqliteStoreOptions { Folder = _folder.FullName, KeysPerTenantMax = keysPerTenantMax },
            clock,
            NullLogger<SqliteStore>.Instance);

    public SqliteStore Store { get; }

    public async ValueTask DisposeAsync()
    {
        await Store.DisposeAsync();
        _folder.Delete(recursive: true);
    }
}
