namespace Limiter.Described;

/// <summary>A number's least value, where it has no greatest.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class AtLeastAttribute(long least) : Attribute
{
    public long Least => least;
}
