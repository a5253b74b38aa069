namespace Limiter.Sqlite.Files;

/// <summary>The folder that holds the store's file and its write-ahead log.</summary>
internal static class DataFolder
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    /// <summary>
    /// Makes the folder, readable by its owner only. Its parent must exist: a mistyped path would otherwise start an
    /// empty store, and with it every quota anew.
    /// </summary>
    /// <exception cref="StoreException">The folder cannot be made or is none.</exception>
    public static void Prepare(string folder)
    {
        var full = Path.GetFullPath(folder);
        if (Directory.Exists(full)) return;
        if (File.Exists(full)) throw new StoreException($"The data folder {full} is a file.");
        var parent = Path.GetDirectoryName(full);
        if (parent is not null && !Directory.Exists(parent))
            throw new StoreException($"The data folder {full} cannot be made: {parent} does not exist.");
        try
        {
            if (OperatingSystem.IsWindows()) Directory.CreateDirectory(full);
            else Directory.CreateDirectory(full, OwnerOnly);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new StoreException($"The data folder {full} cannot be made: {exception.Message}", exception);
        }
    }
}
