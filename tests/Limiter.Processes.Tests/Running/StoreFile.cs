using Limiter.Domain.Buckets;
using Limiter.Domain.Escrow;
using Limiter.Domain.Policies;
using Limiter.Simulation.Stores;
using Microsoft.Data.Sqlite;

namespace Limiter.Processes.Tests.Running;

/// <summary>The store's file as yet another process has it open: this one.</summary>
internal sealed class StoreFile(string path)
{
    /// <summary>Bytes of its write-ahead log, where every commit goes first.</summary>
    public long LogBytes => new FileInfo(path + "-wal").Length;

    public byte[] SigningKey() => (byte[])Read("SELECT bytes FROM facts WHERE name = 'signing_key'")!;

    /// <summary>What an edge holds of a tenant's limits, by the policy's names.</summary>
    public IReadOnlyList<HeldTokens> HeldBy(EdgeId edge, string tenant) => Find(tenant) is not { } state ? [] :
    [
        .. from held in HeldTokens.Of(state)
           where held.Edge == edge
           select held.Limit == LimitId.Day.Name ? held with { Limit = "day" } : held,
    ];

    /// <summary>The only edge that ever asked for a tenant.</summary>
    public EdgeId OnlyEdgeOf(string tenant) =>
        HeldTokens.EdgesOf(Find(tenant).ShouldNotBeNull()).ShouldHaveSingleItem();

    /// <summary>Holds the write lock until it is disposed.</summary>
    public IDisposable Lock() => new WriteLock(Open());

    private BucketState? Find(string tenant) =>
        Read("SELECT state FROM buckets WHERE bucket = $1", $"t:{tenant}:") is byte[] bytes
            ? BucketCodec.Decode(bytes)
            : null;

    private object? Read(string sql, string? value = null)
    {
        using var connection = Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        if (value is not null) command.Parameters.AddWithValue("$1", value);
        return command.ExecuteScalar();
    }

    private SqliteConnection Open()
    {
        var connection = new SqliteConnection($"Data Source={path};Pooling=False;Default Timeout=10");
        connection.Open();
        return connection;
    }

    private sealed class WriteLock : IDisposable
    {
        private readonly SqliteConnection _connection;

        public WriteLock(SqliteConnection connection)
        {
            _connection = connection;
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
}
