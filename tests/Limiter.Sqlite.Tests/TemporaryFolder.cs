using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;

namespace Limiter.Sqlite.Tests;

/// <summary>A data folder that goes with the test, and stores in it.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("limiter-");

    public string Path => _folder.FullName;

    public string File => System.IO.Path.Combine(Path, SqliteStoreOptions.FileName);

    public SqliteStore Open(TimeProvider clock) => Open(clock, new SqliteStoreOptions { Folder = Path });

    public static SqliteStore Open(TimeProvider clock, SqliteStoreOptions options) =>
        SqliteStore.Open(options, clock, NullLogger<SqliteStore>.Instance);

    /// <summary>Runs SQL on the file as another program would.</summary>
    public void Execute(string sql)
    {
        using var connection = Connect();
        Execute(connection, sql);
    }

    public SqliteConnection Connect()
    {
        var connection = new SqliteConnection($"Data Source={File};Pooling=False;Default Timeout=1");
        connection.Open();
        return connection;
    }

    public static void Execute(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    public object? Scalar(string sql)
    {
        using var connection = Connect();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteScalar();
    }

    public void Dispose() => _folder.Delete(recursive: true);
}
