namespace Limiter.Infra.Tests.Reading;

/// <summary>One statement of a Bicep file.</summary>
/// <param name="Kind"><c>param</c>, <c>var</c>, <c>resource</c>, <c>module</c> or <c>output</c>.</param>
/// <param name="Name">Its symbol.</param>
/// <param name="Decorators">The tokens of the decorators before it.</param>
/// <param name="Tokens">All after the symbol.</param>
internal sealed record Declaration(
    string Kind, string Name, IReadOnlyList<Token> Decorators, IReadOnlyList<Token> Tokens)
{
    public bool IsSecure => Decorators.Any(token => token.Is("secure"));

    public bool HasDefault => Tokens.Any(token => token.Is("="));

    public bool IsExisting => Tokens.Any(token => token.Is("existing"));

    /// <summary>A resource's type and version, or a module's path, without quotes.</summary>
    public string Target => Tokens[0].Text.Trim('\'');

    public string Type => Target.Split('@')[0];

    public string Version => Target.Split('@')[^1];

    /// <summary>
    /// The body's values by path, such as <c>properties.sku.name</c> or <c>scopes[0]</c>, as written.
    /// </summary>
    public IReadOnlyDictionary<string, string> Values => BodyReader.Read(Tokens);
}
