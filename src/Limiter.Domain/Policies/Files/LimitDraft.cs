namespace Limiter.Domain.Policies.Files;

/// <summary>A limit as read, before names of other limits and groups are looked up.</summary>
internal sealed record LimitDraft(int Index, string Name, PolicyNode Node)
{
    /// <summary>Null when an error was reported.</summary>
    public LimitRule? Rule { get; init; }

    public Partition Partition { get; init; }

    /// <summary>The limit's own number; null when it has none, or when an error was reported.</summary>
    public LimitNumber? Number { get; init; }

    /// <summary>Where the number stands; null when the limit has none of its own.</summary>
    public PolicyNode? NumberNode { get; init; }

    /// <summary>The groups whose requests it counts; null: it counts every request.</summary>
    public IReadOnlyList<PolicyNode>? Groups { get; init; }

    public bool IsShadow { get; init; }

    public bool Counts(string group) => Groups is null || Groups.Any(node => node.Text == group);
}
