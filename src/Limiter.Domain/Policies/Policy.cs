using System.Collections.Immutable;

namespace Limiter.Domain.Policies;

/// <summary>
/// One compiled policy file: immutable, shared by all requests. Made by <see cref="PolicyFile"/> only,
/// so
/// what is here is valid.
/// </summary>
public sealed class Policy
{
    /// <summary>Most limits that a file may name. A bucket holds the day's count besides.</summary>
    public const int LimitsMax = Terms.LimitsMax - 1;

    public required string Name { get; init; }

    /// <summary>SHA-256 of the file's bytes.</summary>
    public required ImmutableArray<byte> Digest { get; init; }

    /// <summary>The file's bytes, for whoever has to decide by the very same policy elsewhere.</summary>
    public required ImmutableArray<byte> Source { get; init; }

    public required ImmutableArray<Plan> Plans { get; init; }

    /// <summary>
    /// The plan of callers without a credential, counted by address; null when a credential is needed.
    /// </summary>
    public required Plan? Anonymous { get; init; }

    /// <summary>In the file's order; <see cref="LimitDefinition.Index"/> is the place here.</summary>
    public required ImmutableArray<LimitDefinition> Limits { get; init; }

    /// <summary>One per partition that a limit uses, at least one: the buckets that a request may touch.</summary>
    public required ImmutableArray<BucketLayout> Layouts { get; init; }

    /// <summary>
    /// Finds the rule for a request. Patterns are matched in the file's order, the first that fits wins.
    /// </summary>
    public required EndpointMatcher Endpoints { get; init; }

    /// <summary>Least and greatest cost that a caller may state; both 1 when a caller may state none other.</summary>
    public required CostBounds Cost { get; init; }

    /// <summary>
    /// Whether the proxy believes an upstream that tells what a request really cost, within <see cref="Cost"/>.
    /// </summary>
    public bool CostFromUpstream { get; init; }

    public required WhenUnreachable WhenUnreachable { get; init; }

    /// <summary>
    /// For <see cref="WhenUnreachable.Local"/>: each edge's share of the numbers, 1 to 100 percent; otherwise 0.
    /// </summary>
    public required int LocalSharePercent { get; init; }

    public required ResponseContract Response { get; init; }

    /// <summary>True when a limit is counted per key: then a tenant's request must name its key.</summary>
    public bool RequiresKey => Layouts.Any(layout => layout.Partition == Partition.Key);

    /// <summary>True when a limit is counted per address.</summary>
    public bool RequiresIp => Layouts.Any(layout => layout.Partition == Partition.Ip);

    public Plan? FindPlan(string name) => Plans.FirstOrDefault(plan => plan.Name == name);

    public LimitDefinition? FindLimit(string name) => Limits.FirstOrDefault(limit => limit.Rule.Id.Name == name);
}

/// <summary>Both at least 1, at most 1,000,000.</summary>
public readonly record struct CostBounds(long Min, long Max)
{
    public const long Greatest = 1_000_000;

    public bool Contains(long cost) => cost >= Min && cost <= Max;
}

/// <summary>What happens to a request when its bucket cannot be reached and no lease covers it.</summary>
public enum WhenUnreachable
{
    /// <summary>Refused with 503 and Retry-After. The default.</summary>
    Closed,

    /// <summary>Admitted, marked, counted, and charged on recovery.</summary>
    Open,

    /// <summary>Admitted from a stated share of the limit per edge, and charged on recovery.</summary>
    Local,
}
