namespace Limiter.Described.Edges;

/// <summary>Calls of edges in other processes.</summary>
public static class EdgeOperations
{
    private const string Tag = "edges";

    public static Operation Leases { get; } = new("POST", "/v1/leases", Access.Gateway)
    {
        Name = "leases",
        Tag = Tag,
        Summary =
            "An edge in another process asks its buckets, up to 256 requests at once; each is answered by itself.",
        Body = typeof(Leases),
        Answers = [new(200, "What came of each, and the generation of the policy in force.", typeof(LeasesAnswer))],
    };

    public static Operation Identities { get; } = new("POST", "/v1/identities", Access.Gateway)
    {
        Name = "identities",
        Tag = Tag,
        Summary =
            "Whose secrets have these hashes, and what is known of these tenants and keys; null for what nobody has.",
        Body = typeof(Identities),
        Answers =
        [
            new(200, "By the name that was asked for, and for how many seconds an edge may go by it.",
                typeof(IdentitiesAnswer)),
        ],
    };

    public static Operation Policy { get; } = new("GET", "/v1/policy", Access.Gateway)
    {
        Name = "policy",
        Tag = Tag,
        Summary = "The policy in force: its source, its generation, how leases are taken. "
            + "With If-None-Match: 304 while it is the same.",
        Answers = [new(200, "The policy.", typeof(PolicyAnswer)), new(304, "It is the one that was named.")],
    };

    public static Operation Rows { get; } = new("POST", "/v1/rows", Access.Gateway)
    {
        Name = "rows",
        Tag = Tag,
        Summary = "What an edge in another process counted, minute by minute; telling it again changes nothing.",
        Body = typeof(Rows),
        Answers = [new(200, "How many rows were saved.", typeof(RowsAnswer))],
    };

    public static IEnumerable<Operation> All => [Leases, Identities, Policy, Rows];
}
