using System.Collections.Immutable;

namespace Limiter.Domain.Policies.Files;

/// <summary>Puts limits into buckets, and says which of them count a group's requests.</summary>
internal static class LayoutCompiler
{
    /// <summary>One layout for each partition that a limit uses, in the order of <see cref="Partition"/>.</summary>
    public static ImmutableArray<BucketLayout> Layouts(
        ImmutableArray<LimitDefinition> limits, IReadOnlyList<LimitDraft> drafts) =>
    [
        .. limits.GroupBy(limit => limit.Partition).OrderBy(partition => partition.Key)
            .Select(partition => Layout(partition.Key, [.. partition], drafts)),
    ];

    /// <summary>An entry for each layout: every request is charged to the day's count, whatever its group.</summary>
    public static ImmutableArray<Demand> Demands(
        ImmutableArray<BucketLayout> layouts, IReadOnlyList<LimitDraft> drafts, string group)
    {
        var demands = ImmutableArray.CreateBuilder<Demand>(layouts.Length);
        for (var layout = 0; layout < layouts.Length; layout++)
        {
            var limits = layouts[layout].Limits;
            var (mask, shadows) = (1u, 0u);
            for (var position = 1; position < limits.Length; position++)
            {
                var draft = drafts[limits[position]!.Index];
                if (!draft.Counts(group)) continue;
                if (draft.IsShadow) shadows |= 1u << position;
                else mask |= 1u << position;
            }
            demands.Add(new Demand(layout, mask, shadows));
        }
        return demands.MoveToImmutable();
    }

    private static BucketLayout Layout(
        Partition partition, List<LimitDefinition> limits, IReadOnlyList<LimitDraft> drafts)
    {
        // The bucket counts its UTC day anyway: a daily limit over all requests is that count with a number. A shadow
        // counts less than what was admitted, so it has a count of its own.
        var day = limits.Find(limit => drafts[limit.Index].Groups is null && !limit.IsShadow
            && limit.Rule is { Algorithm: Algorithm.CalendarQuota, Period: CalendarPeriod.Day });
        return new BucketLayout(partition, [day, .. limits.Where(limit => limit != day)]);
    }
}
