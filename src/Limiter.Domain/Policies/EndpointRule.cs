using System.Collections.Immutable;

namespace Limiter.Domain.Policies;

/// <summary>What a policy says of the requests that one of its patterns matches (or of all others).</summary>
/// <param name="Group">Name of the endpoint group, as a check's answer shows it.</param>
/// <param name="Template">
/// The pattern that matched, such as <c>POST /courses/{id}/export</c>; <c>*</c> for the rest.
/// </param>
/// <param name="Cost">Tokens that a request needs unless the caller states its cost; 1 to 1,000,000.</param>
/// <param name="RecordsMax">Most records of one request; null for no cap.</param>
/// <param name="Demands">
/// Which limits of which buckets count the request: one entry a layout, position 0 always in the mask.
/// </param>
public sealed record EndpointRule(
    string Group, string Template, long Cost, long? RecordsMax, ImmutableArray<Demand> Demands)
{
    /// <summary>The group of exempt requests, as a check's answer shows it.</summary>
    public const string ExemptGroup = "exempt";

    /// <summary>Whether its requests pass whoever sends them, cost nothing and touch no bucket.</summary>
    public bool IsExempt { get; init; }

    /// <summary>
    /// Which limits count its requests, as <see cref="Policies.Counting"/> writes it; empty for an exempt rule.
    /// </summary>
    public string Counting { get; init; } = "";
}

/// <param name="Layout">Index in <see cref="Policy.Layouts"/>.</param>
/// <param name="Mask">Bit p set: the limit at position p of the layout counts the request, and may refuse it.</param>
/// <param name="Shadows">Likewise, the shadow limits that count it.</param>
public readonly record struct Demand(int Layout, uint Mask, uint Shadows = 0);
