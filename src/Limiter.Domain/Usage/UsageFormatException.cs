namespace Limiter.Domain.Usage;

/// <summary>Stored usage is damaged, or of a newer format.</summary>
public sealed class UsageFormatException(string message) : FormatException(message);
