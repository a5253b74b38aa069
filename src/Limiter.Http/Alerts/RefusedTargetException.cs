namespace Limiter.Http.Alerts;

/// <summary>A webhook's host has no address that may be connected to.</summary>
public sealed class RefusedTargetException(string message) : IOException(message);
