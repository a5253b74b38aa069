using SQLitePCL;

namespace Limiter.Sqlite.Files;

/// <summary>
/// One run of a prepared statement: bind (from 1), step, read columns (from 0). Disposing it frees the statement for
/// its next run and the snapshot that it reads.
/// </summary>
internal readonly ref struct Execution(Database database, sqlite3_stmt statement) : IDisposable
{
    public Execution Bind(int place, long value)
    {
        database.Check(raw.sqlite3_bind_int64(statement, place, value));
        return this;
    }

    public Execution Bind(int place, long? value)
    {
        database.Check(value is { } number
            ? raw.sqlite3_bind_int64(statement, place, number)
            : raw.sqlite3_bind_null(statement, place));
        return this;
    }

    public Execution Bind(int place, string? value)
    {
        database.Check(value is null
            ? raw.sqlite3_bind_null(statement, place)
            : raw.sqlite3_bind_text(statement, place, value));
        return this;
    }

    public Execution Bind(int place, ReadOnlySpan<byte> value)
    {
        database.Check(raw.sqlite3_bind_blob(statement, place, value));
        return this;
    }

    /// <summary>True when there is a row to read.</summary>
    public bool Step()
    {
        var code = raw.sqlite3_step(statement);
        database.Check(code);
        return code == raw.SQLITE_ROW;
    }

    /// <summary>Runs a statement that answers no rows; returns how many it changed.</summary>
    public int Run()
    {
        Step();
        return database.Changes;
    }

    public bool IsNull(int column) => raw.sqlite3_column_type(statement, column) == raw.SQLITE_NULL;

    public long Int64(int column) => raw.sqlite3_column_int64(statement, column);

    public string Text(int column) => raw.sqlite3_column_text(statement, column).utf8_to_string() ?? "";

    /// <summary>Valid until the next step.</summary>
    public ReadOnlySpan<byte> Blob(int column) => raw.sqlite3_column_blob(statement, column);

    // A reset repeats the code of the step before it, which was reported already.
    public void Dispose()
    {
        _ = raw.sqlite3_reset(statement);
        _ = raw.sqlite3_clear_bindings(statement);
    }
}
