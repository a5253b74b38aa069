using Microsoft.Data.Sqlite;

namespace Limiter.Contracts.Tests.Running;

/// <summary>Holds the write lock of a server's store from outside, so that its buckets cannot be reached.</summary>
internal sealed class LockedStore : IDisposable
{
    private readonly SqliteConnection _connection;

    public LockedStore(Served served)
    {
        _connection = new SqliteConnection($"Data Source={served.StoreFile};Pooling=False;Default Timeout=10");
        _connection.Open();
        Run("BEGIN IMMEDIATE");
    }

    public void Dispose()
    {
        Run("ROLLBACK");
        _connection.Dispose();
    }

    private void Run(string sql)
    {
        using var command = _connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
