namespace Limiter.Infra.Tests.Reading;

/// <summary>
/// The names that an expression uses: no property, no object's key, no name of its own loop or lambda.
/// </summary>
internal static class Names
{
    // What a typing error would turn into something else. Only what the files use; add when a file uses more.
    public static readonly IReadOnlySet<string> Functions = new HashSet<string>
    {
        "concat", "empty", "filter", "guid", "items", "readEnvironmentVariable", "replace", "resourceGroup", "string",
        "subscription", "subscriptionResourceId", "take", "toLower", "toUpper", "union", "uniqueString",
        "allowed", "description", "maxLength", "maxValue", "minLength", "minValue", "secure",
    };

    private static readonly HashSet<string> Reserved =
        ["true", "false", "null", "existing", "if", "for", "in", "string", "int", "bool", "object", "array"];

    public static IEnumerable<Token> Used(Declaration declaration)
    {
        var all = Flatten(declaration.Tokens).ToList();
        var own = OwnNames(all).ToHashSet();
        var names = new List<Token>();
        Collect(declaration.Decorators, names);
        Collect(declaration.Tokens, names);
        return names.Where(token => !own.Contains(token.Text) && !Reserved.Contains(token.Text));
    }

    /// <summary>Whether a name is called: <c>empty(...)</c>.</summary>
    public static bool IsCall(Declaration declaration, Token name) =>
        Flatten(declaration.Decorators).Concat(Flatten(declaration.Tokens))
            .SkipWhile(token => !ReferenceEquals(token, name)).Skip(1).FirstOrDefault()?.Is("(") == true;

    private static void Collect(IReadOnlyList<Token> tokens, List<Token> names)
    {
        for (var i = 0; i < tokens.Count; i++)
        {
            Collect(tokens[i].Holes, names);
            if (tokens[i].Kind != TokenKind.Word) continue;
            var isProperty = i > 0 && (tokens[i - 1].Is(".") || tokens[i - 1].Is(".?"));
            var isKey = i + 1 < tokens.Count && tokens[i + 1].Is(":")
                && i > 0 && (tokens[i - 1].Kind == TokenKind.NewLine || tokens[i - 1].Is("{") || tokens[i - 1].Is(","));
            if (!isProperty && !isKey) names.Add(tokens[i]);
        }
    }

    private static IEnumerable<string> OwnNames(List<Token> tokens)
    {
        for (var i = 0; i + 1 < tokens.Count; i++)
        {
            if (tokens[i].Is("for")) yield return tokens[i + 1].Text;
            if (tokens[i + 1].Is("=>")) yield return tokens[i].Text;
        }
    }

    private static IEnumerable<Token> Flatten(IEnumerable<Token> tokens) =>
        tokens.SelectMany(token => Flatten(token.Holes).Prepend(token));
}
