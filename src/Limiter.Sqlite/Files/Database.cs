using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Limiter.Sqlite.Files;

/// <summary>
/// One connection and its prepared statements, each kept for as long as the connection lives. Not thread-safe: one
/// thread at a time.
/// </summary>
internal sealed class Database(SqliteConnection connection) : IDisposable
{
    // Keyed by the statements' text: they are constants of this assembly, so there are a few dozen.
    private readonly Dictionary<string, sqlite3_stmt> _statements = new(StringComparer.Ordinal);

    private readonly sqlite3 _handle = connection.Handle
        ?? throw new InvalidOperationException("The connection is not open.");

    /// <summary>Rows changed by the last statement that changed any.</summary>
    public int Changes => raw.sqlite3_changes(_handle);

    public long LastInsertedId => raw.sqlite3_last_insert_rowid(_handle);

    public bool InTransaction => raw.sqlite3_get_autocommit(_handle) == 0;

    /// <summary>Runs statements that bind and answer nothing.</summary>
    public void Execute(string sql) => Check(raw.sqlite3_exec(_handle, sql));

    /// <summary>Starts a statement; it ends when the execution is disposed.</summary>
    public Execution Start(string sql)
    {
        if (!_statements.TryGetValue(sql, out var statement))
        {
            Check(raw.sqlite3_prepare_v2(_handle, sql, out statement));
            _statements.Add(sql, statement);
        }
        return new Execution(this, statement);
    }

    /// <summary>The first column of the first row.</summary>
    public long Number(string sql)
    {
        using var run = Start(sql);
        return run.Step() ? run.Int64(0) : throw new InvalidOperationException($"No row: {sql}");
    }

    /// <summary>The first column of the first row.</summary>
    public string Text(string sql)
    {
        using var run = Start(sql);
        return run.Step() ? run.Text(0) : throw new InvalidOperationException($"No row: {sql}");
    }

    /// <summary>Ends what was begun, if SQLite has not ended it by itself.</summary>
    public void Rollback()
    {
        if (InTransaction) Execute("ROLLBACK");
    }

    /// <summary>
    /// Whether the last connection to leave a file moves its write-ahead log into it (it does by default).
    /// </summary>
    public void CheckpointOnClose(bool value) =>
        Check(raw.sqlite3_db_config(_handle, raw.SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, value ? 0 : 1, out _));

    /// <summary>Makes a statement that runs on another thread fail. The only member that is thread-safe.</summary>
    public void Interrupt() => raw.sqlite3_interrupt(_handle);

    public void Dispose()
    {
        foreach (var statement in _statements.Values) statement.Dispose();
        _statements.Clear();
        connection.Dispose();
    }

    /// <exception cref="SqliteException">The code is an error's.</exception>
    internal void Check(int code)
    {
        if (code is raw.SQLITE_OK or raw.SQLITE_ROW or raw.SQLITE_DONE) return;
        SqliteException.ThrowExceptionForRC(code, _handle);
    }
}
