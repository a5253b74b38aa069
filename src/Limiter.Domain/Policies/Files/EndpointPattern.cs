using System.Collections.Immutable;

namespace Limiter.Domain.Policies.Files;

/// <summary>A parsed pattern, such as <c>POST|PUT /users/{id}/*</c>.</summary>
/// <param name="Text">As written.</param>
/// <param name="Methods">Upper-case; empty: any method.</param>
/// <param name="Segments">A literal each, or null for any one segment.</param>
/// <param name="Tail">Whether one or more further segments follow: the final <c>*</c>.</param>
internal sealed record EndpointPattern(
    string Text, ImmutableArray<string> Methods, ImmutableArray<string?> Segments, bool Tail)
{
    public const int LengthMax = 512;
    public const int SegmentsMax = 32;
    public const string Grammar =
        "\"METHOD /path\" is accepted, with METHOD an upper-case method, several joined by |, or *;"
        + " in the path a segment * or {name} is any one segment, and a final * one or more";

    /// <summary>The pattern, or null and what is wrong with the text.</summary>
    public static EndpointPattern? Parse(string text, out string error)
    {
        error = $"is longer than {LengthMax} characters";
        if (text.Length > LengthMax) return null;
        error = "is no pattern";
        var space = text.IndexOf(' ');
        if (space < 0 || text.IndexOf(' ', space + 1) >= 0) return null;
        var methods = text[..space] == "*" ? [] : text[..space].Split('|');
        foreach (var method in methods)
        {
            error = $"names the method {PolicyNode.Quote(method)}, which is not an upper-case method";
            if (!IsMethod(method)) return null;
        }
        var path = text[(space + 1)..];
        error = $"has the path {PolicyNode.Quote(path)}, which does not start with /";
        if (!path.StartsWith('/')) return null;
        var parts = path == "/" ? [] : path[1..].Split('/');
        error = $"has more than {SegmentsMax} segments";
        if (parts.Length > SegmentsMax) return null;
        foreach (var part in parts)
            if (Reject(part) is { } reason)
            {
                error = reason;
                return null;
            }
        var tail = parts is [.., "*"];
        var segments = parts.Take(tail ? parts.Length - 1 : parts.Length);
        return new EndpointPattern(
            text, [.. methods.Distinct()], [.. segments.Select(part => IsAny(part) ? null : part)], tail);
    }

    private static bool IsMethod(string method) =>
        EndpointMatcher.IsMethod(method) && char.IsAsciiLetterUpper(method[0])
        && method.All(c => char.IsAsciiLetterUpper(c) || char.IsAsciiDigit(c) || c is '-' or '_');

    private static bool IsAny(string part) => part == "*" || (part[0] == '{' && part[^1] == '}');

    /// <summary>Why a segment can match no normalised path, or is not what it seems; null when it is fine.</summary>
    private static string? Reject(string part)
    {
        var quoted = PolicyNode.Quote(part);
        if (part.Length == 0) return "has an empty segment, which no normalised path has: no // and no / at the end";
        if (part is "." or "..") return $"has the segment {quoted}, which no normalised path has";
        if (IsAny(part))
            return part == "*" || LimitId.TryParse(part[1..^1].ToLowerInvariant(), out _)
                ? null
                : $"has the segment {quoted}; between braces a name of letters, digits, - and _ is accepted";
        if (part.AsSpan().IndexOfAny("*{}") >= 0)
            return $"has the segment {quoted}; * and {{name}} stand for a whole segment";
        if (part.AsSpan().IndexOfAny("?#") >= 0)
            return $"has the segment {quoted}; a pattern is matched against the path without its query";
        if (part.Contains('%'))
            return $"has the segment {quoted}; paths are decoded first, so write the character itself";
        return PathNormaliser.TryNormalise($"/{part}", out _, out _)
            ? null
            : $"has the segment {quoted}, which holds a character that no path may have";
    }
}
