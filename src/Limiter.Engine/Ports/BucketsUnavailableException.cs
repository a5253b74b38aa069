namespace Limiter.Engine.Ports;

/// <summary>The store of the buckets cannot be reached, or refused to save. The policy decides what follows.</summary>
public class BucketsUnavailableException(string message, Exception? cause = null) : Exception(message, cause);
