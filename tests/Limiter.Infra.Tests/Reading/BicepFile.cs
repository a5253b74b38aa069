namespace Limiter.Infra.Tests.Reading;

/// <summary>One Bicep file, by its statements.</summary>
internal sealed class BicepFile
{
    private static readonly string[] Kinds = ["param", "var", "resource", "module", "output"];

    private BicepFile(string path, string text)
    {
        Path = path;
        Text = text;
        Declarations = [.. Split(Tokenizer.Read(text), path)];
    }

    public static BicepFile Main { get; } = Read("infra/main.bicep");

    public static IReadOnlyList<BicepFile> Modules { get; } =
    [
        .. Directory.EnumerateFiles(System.IO.Path.Combine(Repository.Root, "infra", "modules"), "*.bicep")
            .Order(StringComparer.Ordinal).Select(file => Read($"infra/modules/{System.IO.Path.GetFileName(file)}")),
    ];

    public static IEnumerable<BicepFile> All => Modules.Prepend(Main);

    /// <summary>From the repository's root.</summary>
    public string Path { get; }

    public string Text { get; }

    public IReadOnlyList<Declaration> Declarations { get; }

    public static BicepFile Read(string path) => new(path, Repository.Text(path));

    public static BicepFile Of(string text) => new("test.bicep", text);

    public static BicepFile Module(string name) => Modules.Single(file => file.Path == $"infra/modules/{name}.bicep");

    /// <summary>All resources that a deployment makes.</summary>
    public static IEnumerable<(BicepFile File, Declaration Resource)> Made(string type) =>
        from file in All
        from resource in file.Every("resource")
        where resource.Type == type && !resource.IsExisting
        select (file, resource);

    public IEnumerable<Declaration> Every(string kind) => Declarations.Where(one => one.Kind == kind);

    private static IEnumerable<Declaration> Split(IReadOnlyList<Token> tokens, string path)
    {
        var decorators = new List<Token>();
        foreach (var statement in Statements(tokens))
        {
            if (statement[0].Is("@"))
            {
                decorators.AddRange(statement);
                continue;
            }
            if (Kinds.Contains(statement[0].Text))
                yield return new Declaration(statement[0].Text, statement[1].Text, decorators, statement[2..]);
            else if (statement[0].Text is not ("targetScope" or "using"))
                throw new FormatException($"{path}:{statement[0].Line}: {statement[0].Text} begins no statement.");
            decorators = [];
        }
    }

    // A statement ends with its line, unless a bracket is open.
    private static IEnumerable<List<Token>> Statements(IReadOnlyList<Token> tokens)
    {
        var statement = new List<Token>();
        var depth = 0;
        foreach (var token in tokens)
        {
            if (token.Kind == TokenKind.NewLine && depth == 0)
            {
                if (statement.Count > 0) yield return statement;
                statement = [];
                continue;
            }
            if (token.Kind == TokenKind.Symbol && token.Text is "{" or "[" or "(") depth++;
            if (token.Kind == TokenKind.Symbol && token.Text is "}" or "]" or ")") depth--;
            statement.Add(token);
        }
        if (statement.Count > 0) yield return statement;
    }
}
