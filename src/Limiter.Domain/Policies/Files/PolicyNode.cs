namespace Limiter.Domain.Policies.Files;

internal enum NodeKind
{
    Object,
    Array,
    Text,
    Number,
    True,
    False,
    Null,
}

/// <summary>A JSON value that remembers where it stood, so that an error can point at it.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Path">Its JSON path.</param>
/// <param name="Line">The line on which it starts, from 1.</param>
/// <param name="Text">The decoded text, or a number as written; otherwise empty.</param>
/// <param name="Members">An object's members in the file's order; otherwise empty.</param>
/// <param name="Items">An array's items; otherwise empty.</param>
internal sealed record PolicyNode(
    NodeKind Kind,
    string Path,
    int Line,
    string Text,
    IReadOnlyList<KeyValuePair<string, PolicyNode>> Members,
    IReadOnlyList<PolicyNode> Items)
{
    private const int ShownMax = 60;

    public bool IsText(string text) => Kind == NodeKind.Text && Text == text;

    public PolicyNode? Find(string name)
    {
        foreach (var (member, value) in Members)
            if (member == name) return value;
        return null;
    }

    /// <summary>The value in words, for an error.</summary>
    public string Describe() => Kind switch
    {
        NodeKind.Object => "an object",
        NodeKind.Array => "an array",
        NodeKind.Text => $"the text {Quote(Text)}",
        NodeKind.Number => $"the number {Cut(Text)}",
        NodeKind.True => "true",
        NodeKind.False => "false",
        _ => "null",
    };

    public static string Quote(string text) => $"\"{Cut(text)}\"";

    /// <summary>The path of a member; a name that is not a plain word is quoted.</summary>
    public static string PathOf(string parent, string name)
    {
        var plain = name.Length > 0 && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' or '$');
        return plain ? $"{parent}.{name}" : $"{parent}['{Cut(name)}']";
    }

    private static string Cut(string text) => text.Length <= ShownMax ? text : $"{text[..ShownMax]}…";
}
