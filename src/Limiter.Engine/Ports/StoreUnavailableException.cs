namespace Limiter.Engine.Ports;

/// <summary>
/// The directory or the journal cannot be reached, or refused to save: a change may or may not have taken effect.
/// </summary>
public class StoreUnavailableException(string message, Exception? cause = null) : Exception(message, cause);
