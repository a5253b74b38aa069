namespace Limiter.Sqlite.Files;

/// <summary>A row was not as it was read: another process changed it. Caught within this assembly.</summary>
internal sealed class ConflictException() : Exception("another process changed the same rows again and again");
