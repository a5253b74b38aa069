using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Limiter.Sqlite.Files;

/// <summary>SQLite's error codes in the words of whoever can mend their cause.</summary>
internal static class Failure
{
    /// <summary>Whether an exception tells of the store, rather than of a mistake in this program.</summary>
    public static bool IsOfStore(Exception exception) =>
        exception is SqliteException or StoreException or ConflictException;

    /// <summary>Whether an exception tells of the store or of what a row holds.</summary>
    public static bool IsOfData(Exception exception) => IsOfStore(exception) || exception is FormatException;

    /// <summary>SQLite has waited for the other process already: to try at once again would only wait longer.</summary>
    public static bool IsBusy(Exception exception) =>
        exception is SqliteException { SqliteErrorCode: raw.SQLITE_BUSY or raw.SQLITE_LOCKED };

    /// <summary>The connection may not be usable any more; a new one may.</summary>
    public static bool IsOfConnection(Exception exception) =>
        exception is SqliteException
        {
            SqliteErrorCode: not (raw.SQLITE_BUSY or raw.SQLITE_LOCKED or raw.SQLITE_FULL or raw.SQLITE_CONSTRAINT),
        };

    public static string Describe(string file, Exception exception) => exception switch
    {
        SqliteException sqlite => $"{file}: {Words(sqlite.SqliteErrorCode)} ({sqlite.Message})",
        ConflictException or FormatException => $"{file}: {exception.Message}",
        _ => exception.Message,
    };

    private static string Words(int code) => code switch
    {
        raw.SQLITE_BUSY or raw.SQLITE_LOCKED => "it is locked by another process",
        raw.SQLITE_FULL => "the disk is full",
        raw.SQLITE_READONLY or raw.SQLITE_PERM or raw.SQLITE_AUTH =>
            "it cannot be written: look at the permissions of the file and its folder",
        raw.SQLITE_CANTOPEN => "it cannot be opened: look at the permissions of the file and its folder",
        raw.SQLITE_NOTADB => "it is not a database: restore a backup, or give another data folder",
        raw.SQLITE_CORRUPT => "it is damaged: restore a backup",
        raw.SQLITE_IOERR => "reading or writing the disk failed",
        _ => "the store failed",
    };
}
