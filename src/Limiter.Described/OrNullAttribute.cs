namespace Limiter.Described;

/// <summary>Null can stand wherever the shape does: the values of a dictionary cannot say so themselves.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class OrNullAttribute : Attribute;
