using Microsoft.Data.Sqlite;

namespace Limiter.Sqlite.Files;

/// <summary>Copies the store with <c>VACUUM INTO</c>: one consistent snapshot, while others read and write.</summary>
internal static class Backup
{
    /// <exception cref="StoreException">The copy exists already, or cannot be written.</exception>
    /// <exception cref="OperationCanceledException">Cancelled; nothing is left.</exception>
    public static void Write(Connector connector, string file, CancellationToken cancellation)
    {
        if (File.Exists(file)) throw new StoreException($"The backup {file} exists already.");
        var partial = file + ".partial";
        try
        {
            File.Delete(partial);
            Copy(connector, partial, cancellation);
            Flush(partial);
            File.Move(partial, file);
        }
        catch (Exception exception) when (exception is SqliteException or IOException or UnauthorizedAccessException)
        {
            cancellation.ThrowIfCancellationRequested();
            var reason = exception is SqliteException ? Failure.Describe(connector.File, exception) : exception.Message;
            throw new StoreException($"The backup {file} cannot be written. {reason}", exception);
        }
        finally
        {
            TryDelete(partial);
        }
    }

    private static void Copy(Connector connector, string file, CancellationToken cancellation)
    {
        using var database = connector.OpenForBackup();
        using var interrupt = cancellation.Register(database.Interrupt);
        using var run = database.Start("VACUUM INTO ?1").Bind(1, file);
        run.Step();
    }

    // SQLite does not wait for the copy to be on the disk.
    private static void Flush(string file)
    {
        using var stream = new FileStream(file, FileMode.Open, FileAccess.ReadWrite);
        stream.Flush(flushToDisk: true);
    }

    private static void TryDelete(string file)
    {
        try
        {
            File.Delete(file);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // The copy's folder cannot be written, which is what the caller is told already.
        }
    }
}
