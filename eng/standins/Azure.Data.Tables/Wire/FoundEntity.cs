#nullable enable
namespace Azure.Data.Tables.Wire;

/// <summary>The answer to a read of an entity that may be missing.</summary>
internal sealed class FoundEntity<T>(T? value, Response response) : NullableResponse<T>
    where T : class
{
    public override bool HasValue => value is not null;

    public override T Value => value ?? throw new InvalidOperationException("the entity does not exist");

    public override Response GetRawResponse() => response;
}
