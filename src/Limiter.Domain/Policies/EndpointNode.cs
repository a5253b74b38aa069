namespace Limiter.Domain.Policies;

/// <summary>
/// A place in the tree of patterns: reached by the segments before it. Built once, then only read.
/// </summary>
internal sealed class EndpointNode(StringComparer comparer)
{
    private Dictionary<string, EndpointNode>? _literals;
    private Dictionary<string, EndpointNode>.AlternateLookup<ReadOnlySpan<char>> _byText;
    private (ulong Methods, int Order)[] _ends = [];
    private (ulong Methods, int Order)[] _tails = [];

    /// <summary>
    /// The first pattern in the file's order that goes through here: a search with a better one turns back.
    /// </summary>
    public int Lowest { get; private set; } = int.MaxValue;

    /// <summary>What follows any one segment.</summary>
    public EndpointNode? Any { get; private set; }

    /// <summary>Adds a pattern; called in the file's order.</summary>
    public void Add(ReadOnlySpan<string?> segments, bool tail, ulong methods, int order)
    {
        Lowest = Math.Min(Lowest, order);
        if (!segments.IsEmpty) Child(segments[0]).Add(segments[1..], tail, methods, order);
        else if (tail) _tails = [.. _tails, (methods, order)];
        else _ends = [.. _ends, (methods, order)];
    }

    public bool TryLiteral(ReadOnlySpan<char> segment, out EndpointNode? child)
    {
        child = null;
        return _literals is not null && _byText.TryGetValue(segment, out child);
    }

    /// <summary>The first pattern that ends here, when it comes before <paramref name="best"/>.</summary>
    public int FirstEnd(ulong method, int best) => First(_ends, method, best);

    /// <summary>
    /// The first pattern whose final <c>*</c> begins here, when it comes before <paramref name="best"/>.
    /// </summary>
    public int FirstTail(ulong method, int best) => First(_tails, method, best);

    private static int First((ulong Methods, int Order)[] entries, ulong method, int best)
    {
        foreach (var (methods, order) in entries)
        {
            if (order >= best) return best;
            if ((methods & method) != 0) return order;
        }
        return best;
    }

    private EndpointNode Child(string? literal)
    {
        if (literal is null) return Any ??= new EndpointNode(comparer);
        if (_literals is null)
        {
            _literals = new Dictionary<string, EndpointNode>(comparer);
            _byText = _literals.GetAlternateLookup<ReadOnlySpan<char>>();
        }
        if (!_literals.TryGetValue(literal, out var child)) _literals[literal] = child = new EndpointNode(comparer);
        return child;
    }
}
