namespace Limiter.Sqlite;

/// <summary>The store cannot be opened or backed up; the message tells its operator what is wrong, and where.</summary>
public sealed class StoreException(string message, Exception? cause = null) : Exception(message, cause);
