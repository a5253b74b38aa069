using System.Collections.Immutable;
using System.Numerics;
using System.Text;

namespace Limiter.Domain.Policies;

/// <summary>
/// Which limits counted a check, by name, so that a later correction reaches those and no others, whatever policy is in
/// force by then: <c>tenant:@day,minute;key:@day,hour</c>. Shadow limits are not corrected and not named.
/// </summary>
public static class Counting
{
    // No partition, and no limit's name, has one of them.
    private const char BetweenBuckets = ';', AfterPartition = ':', BetweenLimits = ',';

    /// <summary>The limits that some demands name, by the layouts of their policy.</summary>
    public static string Of(ImmutableArray<BucketLayout> layouts, ImmutableArray<Demand> demands)
    {
        var text = new StringBuilder();
        foreach (var demand in demands)
        {
            var layout = layouts[demand.Layout];
            if (text.Length > 0) text.Append(BetweenBuckets);
            text.Append(NameOf(layout.Partition)).Append(AfterPartition);
            var names = new List<string>();
            for (var mask = demand.Mask; mask != 0; mask &= mask - 1)
                names.Add(layout.RuleAt(BitOperations.TrailingZeroCount(mask)).Id.Name);
            text.AppendJoin(BetweenLimits, names);
        }
        return text.ToString();
    }

    /// <summary>
    /// Of what was counted then, what the layouts of a policy still count: one demand a layout that has any of it.
    /// </summary>
    public static ImmutableArray<Demand> Find(string counting, ImmutableArray<BucketLayout> layouts)
    {
        var found = ImmutableArray.CreateBuilder<Demand>(layouts.Length);
        for (var index = 0; index < layouts.Length; index++)
            if (MaskOf(counting, layouts[index]) is not 0 and var mask) found.Add(new Demand(index, mask));
        return found.DrainToImmutable();
    }

    private static uint MaskOf(string counting, BucketLayout layout)
    {
        var start = NameOf(layout.Partition) + AfterPartition;
        var bucket = Array.Find(
            counting.Split(BetweenBuckets), part => part.StartsWith(start, StringComparison.Ordinal));
        if (bucket is null) return 0;
        var names = bucket[start.Length..].Split(BetweenLimits);
        var mask = 0u;
        for (var position = 0; position < layout.Limits.Length; position++)
            if (layout.Limits[position]?.IsShadow != true && names.Contains(layout.RuleAt(position).Id.Name))
                mask |= 1u << position;
        return mask;
    }

    private static string NameOf(Partition partition) => partition switch
    {
        Partition.Tenant => "tenant",
        Partition.Key => "key",
        Partition.Ip => "ip",
        _ => throw new InvalidOperationException($"Unknown partition {partition}."),
    };
}
