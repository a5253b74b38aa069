namespace Limiter.Domain.Policies.Files;

/// <summary>An object whose property names are fixed.</summary>
internal readonly struct Fields
{
    private readonly PolicyNode _node;
    private readonly PolicyErrors _errors;

    private Fields(PolicyNode node, PolicyErrors errors)
    {
        _node = node;
        _errors = errors;
    }

    /// <summary>False when the node is no object. Reports that, and every property that is not accepted.</summary>
    public static bool TryOf(
        PolicyNode node, PolicyErrors errors, ReadOnlySpan<string> accepted, out Fields fields)
    {
        fields = new Fields(node, errors);
        var names = accepted.ToArray();
        if (node.Kind != NodeKind.Object)
        {
            errors.Add(node, $"is {node.Describe()}; an object is accepted, with {Words.List(names)}.");
            return false;
        }
        foreach (var (name, value) in node.Members)
        {
            if (names.Contains(name)) continue;
            errors.Add(value, $"is not a known property.{Words.Hint(name, names)} Accepted are {Words.List(names)}.");
        }
        return true;
    }

    public PolicyNode? Find(string name) => _node.Find(name);

    /// <summary>The property's value; null, and an error, when it is missing.</summary>
    public PolicyNode? Require(string name, string accepted)
    {
        var value = _node.Find(name);
        if (value is null) _errors.Add(_node, $"has no {PolicyNode.Quote(name)}; {accepted}.");
        return value;
    }
}
