using System.Collections.Immutable;

namespace Limiter.Described;

/// <summary>
/// One call of the surface, without what answers it: hosts map it, and the description is made of it.
/// </summary>
/// <param name="Method">The HTTP method in capitals, or <see cref="AnyMethod"/>.</param>
/// <param name="Pattern">
/// The path, with route values in braces as ASP.NET Core and the Functions host write them.
/// </param>
/// <param name="Access">Who may make it.</param>
public sealed record Operation(string Method, string Pattern, Access Access)
{
    public const string AnyMethod = "*";

    /// <summary>Unique; generated clients call their methods so.</summary>
    public string Name { get; init; } = "";

    /// <summary>Under which it is listed.</summary>
    public string Tag { get; init; } = "";

    /// <summary>One sentence for a person.</summary>
    public string Summary { get; init; } = "";

    /// <summary>Whether a viewer's link opens it too, for its own tenant.</summary>
    public bool ServesViewers { get; init; }

    /// <summary>Whether the contract's own refusal, a 429, can be the answer.</summary>
    public bool Refuses { get; init; }

    /// <summary>Whether it honours If-Match and If-None-Match: with a 412, and nothing is changed.</summary>
    public bool HonoursPreconditions { get; init; }

    /// <summary>Whose properties are the query's parameters; null: it takes none.</summary>
    public Type? Query { get; init; }

    /// <summary>Whose properties are the body's fields; null: it takes none.</summary>
    public Type? Body { get; init; }

    /// <summary>Whether the call may come without its body.</summary>
    public bool TakesNoBody { get; init; }

    /// <summary>What it answers when nothing is wrong, and errors that need a word of their own.</summary>
    public ImmutableArray<Answer> Answers { get; init; } = [];
}
