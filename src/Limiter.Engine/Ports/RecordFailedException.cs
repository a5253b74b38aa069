namespace Limiter.Engine.Ports;

/// <summary>The directory answers, but this one record cannot be read. Other records are not concerned.</summary>
public sealed class RecordFailedException(string message, Exception? cause = null)
    : StoreUnavailableException(message, cause);
