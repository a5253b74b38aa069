namespace Limiter.Domain.Policies;

/// <summary>A limit as a policy file defines it.</summary>
/// <param name="Index">Its place in <see cref="Policy.Limits"/>.</param>
/// <param name="Rule">
/// How its bucket counts it. A calendar day over every request has the rule <see cref="LimitRule.Day"/> in its bucket,
/// see <see cref="BucketLayout"/>.
/// </param>
/// <param name="Partition">What it is counted per.</param>
/// <param name="Number">The number on every plan that names none of its own; null when each plan names it.</param>
/// <param name="PercentOf">
/// Index of the limit whose number in force it follows; null when it has a number of its own.
/// </param>
/// <param name="Percent">Percent of that limit's number in force, rounded down; 1 to 1,000.</param>
public sealed record LimitDefinition(
    int Index, LimitRule Rule, Partition Partition, long? Number, int? PercentOf, int Percent)
{
    public string Name => Rule.Id.Name;

    /// <summary>It decides and counts like any other, and never refuses: to be tried out before it is meant.</summary>
    public bool IsShadow { get; init; }
}
