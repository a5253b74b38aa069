using System.Collections.Immutable;

namespace Limiter.Domain.Policies;

/// <summary>
/// The limits that one bucket of a policy holds, in their positions. The first is always the day's count
/// (<see cref="LimitRule.Day"/>), which every request is charged to: it carries the policy's own daily limit over all
/// requests, where the policy has one, and otherwise no number.
/// </summary>
/// <param name="Partition">What these limits are counted per.</param>
/// <param name="Limits">
/// Position 0: <see cref="DayLimit"/>, null when the policy names no daily limit over all requests, or as a shadow
/// only. Then the other limits in the file's order.
/// </param>
public sealed record BucketLayout(Partition Partition, ImmutableArray<LimitDefinition?> Limits)
{
    public LimitDefinition? DayLimit => Limits[0];

    /// <summary>The rule under which the bucket keeps the limit at a position.</summary>
    public LimitRule RuleAt(int position) => position == 0 ? LimitRule.Day : Limits[position]!.Rule;
}
