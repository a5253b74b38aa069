namespace Limiter.Engine.Ports;

/// <summary>Some of a list.</summary>
/// <param name="Items">Can be empty before the end.</param>
/// <param name="Next">Where the list goes on; null at its end.</param>
public sealed record UsagePage<T>(IReadOnlyList<T> Items, string? Next);
