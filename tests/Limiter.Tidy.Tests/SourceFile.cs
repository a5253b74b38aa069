using System.Text.RegularExpressions;

namespace Limiter.Tidy.Tests;

/// <summary>One C# file, as text and as code alone (comments and literals blanked, every line where it was).</summary>
internal sealed partial class SourceFile
{
    private SourceFile(string path, string text)
    {
        Path = path;
        Lines = text.TrimEnd('\n').Split('\n');
        Code = CodeText.Blank(text);
    }

    /// <summary>From the repository's root.</summary>
    public string Path { get; }

    public IReadOnlyList<string> Lines { get; }

    public string Code { get; }

    public string Name => System.IO.Path.GetFileName(Path);

    public static SourceFile Read(string path) => Of(path, File.ReadAllText(Repository.Full(path)));

    public static SourceFile Of(string path, string text) => new(path, text.ReplaceLineEndings("\n"));

    /// <summary>Where a pattern occurs in the code: <c>file:line: match</c>.</summary>
    public IEnumerable<string> Find(Regex pattern) =>
        pattern.Matches(Code).Select(match => $"{Path}:{LineAt(match.Index)}: {match.Value.Trim()}");

    /// <summary>The types that the file declares outside any other type.</summary>
    public IEnumerable<DeclaredType> TopLevelTypes()
    {
        var outer = CodeText.BlankInsideBrackets(Code);
        foreach (Match match in Declaration().Matches(outer))
        {
            var end = outer.IndexOfAny([';', '}'], match.Index + match.Length);
            if (end < 0) end = outer.Length - 1;
            var first = LineAt(match.Index);
            yield return new DeclaredType(match.Groups["name"].Value, first, LineAt(end) - first + 1);
        }
    }

    private int LineAt(int index) => 1 + Code.AsSpan(0, index).Count('\n');

    // A constraint ("where T : class") declares nothing.
    [GeneratedRegex("""
        (?<![:,]\s*)\b(?:class|struct|interface|enum|record(?:\s+(?:class|struct))?)\s+(?<name>[A-Z]\w*)
        |\bdelegate\s[^;(]*?(?<name>\w+)\s*(?:<[^>]*>)?\s*(?=\()
        """, RegexOptions.IgnorePatternWhitespace)]
    private static partial Regex Declaration();
}

/// <param name="Name">Without type parameters.</param>
/// <param name="Line">Of the declaration, from 1.</param>
/// <param name="Length">In lines, from the declaration to the closing brace.</param>
internal sealed record DeclaredType(string Name, int Line, int Length);
