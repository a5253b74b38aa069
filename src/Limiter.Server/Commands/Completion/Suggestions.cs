using System.CommandLine;
using System.Globalization;

namespace Limiter.Server.Commands.Completion;

/// <summary>
/// Answers the directive <c>[suggest:POSITION] "the line"</c> of the completion scripts, as System.CommandLine's own
/// directive does; that one belongs to a root that is named for its assembly.
/// </summary>
internal static class Suggestions
{
    private const string Directive = "[suggest";

    /// <summary>Longest line that is looked at, in characters.</summary>
    private const int LineMax = 10_000;

    public static bool AreAsked(string[] args) =>
        args.Length > 0 && args[0].StartsWith(Directive, StringComparison.Ordinal) && args[0].EndsWith(']');

    /// <summary>What may stand at the position: one a line, nothing for a line that cannot be read.</summary>
    public static IEnumerable<string> Of(Command root, string[] args)
    {
        var line = args.Length > 1 ? args[1] : "";
        if (line.Length > LineMax) return [];
        var position = Math.Min(Position(args[0]) ?? line.Length, line.Length);
        // However the program was called, its commands come after the first word.
        var space = line.IndexOf(' ', StringComparison.Ordinal);
        if (space < 0 || position <= space) return [];
        var named = root.Name + line[space..];
        return root.Parse(named).GetCompletions(position + named.Length - line.Length)
            .Select(completion => completion.InsertText ?? completion.Label)
            // The parser also offers what has the word somewhere in the middle.
            .Where(completion => completion.StartsWith(line[(line[..position].LastIndexOf(' ') + 1)..position],
                StringComparison.Ordinal))
            .Distinct(StringComparer.Ordinal);
    }

    private static int? Position(string directive)
    {
        var colon = directive.IndexOf(':', StringComparison.Ordinal);
        return colon > 0 && int.TryParse(
            directive.AsSpan(colon + 1, directive.Length - colon - 2), NumberStyles.None,
            CultureInfo.InvariantCulture, out var position) ? position : null;
    }
}
