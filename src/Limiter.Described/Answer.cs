using System.Collections.Immutable;

namespace Limiter.Described;

/// <summary>One way in which a call is answered.</summary>
/// <param name="Status">The HTTP status; one answer each.</param>
/// <param name="Description">One sentence for a person.</param>
/// <param name="Shape">Whose properties are the members of the JSON; null: there is no body, or any.</param>
public sealed record Answer(int Status, string Description, Type? Shape = null)
{
    public const string AnyMediaType = "*/*";

    /// <summary>In which the same is told. All but JSON is text.</summary>
    public ImmutableArray<string> MediaTypes { get; init; } = ["application/json"];

    public static Answer Done(Type shape) => new(200, "Done.", shape);

    public static Answer Gone() => new(204, "Done.");

    /// <summary>Text that has no further shape.</summary>
    public static Answer Text(string description, string mediaType) =>
        new(200, description, typeof(string)) { MediaTypes = [mediaType] };

    /// <summary>A body of which nothing is known here.</summary>
    public static Answer Anything(string description) =>
        new(200, description) { MediaTypes = [AnyMediaType] };
}
