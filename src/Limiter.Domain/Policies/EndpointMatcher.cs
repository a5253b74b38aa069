using System.Collections.Immutable;
using Limiter.Domain.Policies.Files;

namespace Limiter.Domain.Policies;

/// <summary>
/// Finds the rule of a request: the first pattern in the file's order that fits. A tree over path segments, so the
/// time depends on the path's depth and hardly on the number of patterns; nothing is allocated. No regular
/// expressions, so no path is slow on purpose.
/// </summary>
/// <remarks>
/// A pattern is <c>METHOD /path</c>; several methods are joined by <c>|</c>, and <c>*</c> is any. In the path
/// <c>*</c> and <c>{name}</c> are exactly one segment and a final <c>*</c> is one or more, so <c>/*</c> is every path
/// but the root. Letters match in either case unless the policy says otherwise. A request's method matches in either
/// case always: upstreams differ in what they make of <c>post</c>, and it must not escape the group of <c>POST</c>.
/// HEAD falls under the patterns of GET besides its own: it asks an upstream for the same work (RFC 9110, 9.3.2).
/// </remarks>
public sealed class EndpointMatcher
{
    /// <summary>Longest method, in characters.</summary>
    public const int MethodLengthMax = 32;

    /// <summary>Most distinct methods that the patterns of a policy may name.</summary>
    public const int MethodsMax = 32;

    private const ulong AnyMethod = ulong.MaxValue;
    private const ulong OtherMethod = 1UL << 63;

    private readonly EndpointNode _root;
    private readonly Dictionary<string, ulong> _methods = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, ulong>.AlternateLookup<ReadOnlySpan<char>> _methodsByText;

    internal EndpointMatcher(
        ImmutableArray<(EndpointPattern Pattern, EndpointRule Rule)> patterns,
        EndpointRule otherwise,
        bool caseSensitive)
    {
        Rules = [.. patterns.Select(entry => entry.Rule)];
        Otherwise = otherwise;
        _root = new EndpointNode(caseSensitive ? StringComparer.Ordinal : StringComparer.OrdinalIgnoreCase);
        _methodsByText = _methods.GetAlternateLookup<ReadOnlySpan<char>>();
        for (var order = 0; order < patterns.Length; order++)
        {
            var pattern = patterns[order].Pattern;
            _root.Add(pattern.Segments.AsSpan(), pattern.Tail, MaskOf(pattern.Methods), order);
        }
    }

    /// <summary>One rule a pattern, in the file's order.</summary>
    public ImmutableArray<EndpointRule> Rules { get; }

    /// <summary>The rule of requests that no pattern matches.</summary>
    public EndpointRule Otherwise { get; }

    /// <summary>Whether the text can be a request's method: 1 to 32 characters of an HTTP token.</summary>
    public static bool IsMethod(ReadOnlySpan<char> text)
    {
        if (text.IsEmpty || text.Length > MethodLengthMax) return false;
        foreach (var c in text)
            if (!char.IsAsciiLetterOrDigit(c) && !"!#$%&'*+-.^_`|~".Contains(c)) return false;
        return true;
    }

    /// <inheritdoc cref="Match(ReadOnlySpan{char}, ReadOnlySpan{char})"/>
    public EndpointRule Match(string method, string normalPath) => Match(method.AsSpan(), normalPath.AsSpan());

    /// <summary>The rule of a request.</summary>
    /// <param name="method">The request's method; one that no pattern names matches the patterns of any method.</param>
    /// <param name="normalPath">The path as <see cref="PathNormaliser"/> gives it.</param>
    public EndpointRule Match(ReadOnlySpan<char> method, ReadOnlySpan<char> normalPath)
    {
        if (!_methodsByText.TryGetValue(method, out var bit)) bit = OtherMethod;
        var isHead = method.Equals("HEAD", StringComparison.OrdinalIgnoreCase);
        if (isHead && _methods.TryGetValue("GET", out var get)) bit |= get;
        var first = Find(_root, normalPath[1..], bit, int.MaxValue);
        return first == int.MaxValue ? Otherwise : Rules[first];
    }

    /// <summary>Every node is visited at most once, and none that cannot better what is found.</summary>
    private static int Find(EndpointNode node, ReadOnlySpan<char> rest, ulong method, int best)
    {
        if (node.Lowest >= best) return best;
        if (rest.IsEmpty) return node.FirstEnd(method, best);
        best = node.FirstTail(method, best);
        var slash = rest.IndexOf('/');
        var segment = slash < 0 ? rest : rest[..slash];
        var next = slash < 0 ? [] : rest[(slash + 1)..];
        if (node.TryLiteral(segment, out var literal)) best = Find(literal!, next, method, best);
        return node.Any is { } any ? Find(any, next, method, best) : best;
    }

    private ulong MaskOf(ImmutableArray<string> methods)
    {
        if (methods.IsEmpty) return AnyMethod;
        var mask = 0UL;
        foreach (var method in methods)
        {
            if (!_methods.TryGetValue(method, out var bit)) _methods[method] = bit = 1UL << _methods.Count;
            mask |= bit;
        }
        return mask;
    }
}
