namespace Limiter.Described;

/// <summary>A limit's number, or the word "unlimited".</summary>
public readonly record struct NumberOrUnlimited;
