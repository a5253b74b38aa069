using System.Collections.Immutable;

namespace Limiter.Domain.Policies.Files;

/// <summary>Collects what is wrong with a file, so that its author sees everything at once.</summary>
internal sealed class PolicyErrors
{
    private readonly List<PolicyError> _errors = [];

    public bool Any => _errors.Count > 0;

    public void Add(PolicyNode node, string message) => Add(node.Path, node.Line, message);

    public void Add(string path, int line, string message)
    {
        if (_errors.Count < PolicyFile.ErrorsMax) _errors.Add(new PolicyError(path, line, message));
    }

    public ImmutableArray<PolicyError> InFileOrder() => [.. _errors.OrderBy(error => error.Line)];
}
