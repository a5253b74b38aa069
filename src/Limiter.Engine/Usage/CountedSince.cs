using System.Collections.Immutable;
using Limiter.Domain.Usage;

namespace Limiter.Engine.Usage;

/// <summary>What a sheet counts beyond an earlier state of itself.</summary>
internal static class CountedSince
{
    /// <summary>Null for nothing.</summary>
    public static UsageSheet? Of(UsageSheet now, UsageSheet earlier)
    {
        var before = earlier.Lines.ToDictionary(line => line.Subject);
        var since = new UsageSum();
        foreach (var line in now.Lines)
        {
            before.Remove(line.Subject, out var known);
            var counts = Less(line.Counts, known?.Counts ?? default);
            if (counts == default) continue;
            if (IsImpossible(counts)) return Total(now, earlier);
            since.Add(line with
            {
                Counts = counts,
                DeniedBy = Less(line.DeniedBy, known?.DeniedBy ?? []),
                ShadowedBy = Less(line.ShadowedBy, known?.ShadowedBy ?? []),
            });
        }
        if (before.Count > 0) return Total(now, earlier);
        var sheet = since.ToSheet();
        return sheet.Lines.IsEmpty ? null : sheet;
    }

    // A sheet with more subjects than lines may have told others apart before. Which limits denied is then not told of
    // what came since.
    private static UsageSheet Total(UsageSheet now, UsageSheet earlier)
    {
        var total = new UsageSum();
        total.Add(UsageSubject.Other, Less(now.Total, earlier.Total));
        return total.ToSheet();
    }

    private static bool IsImpossible(in UsageCounts counts) =>
        counts.Allowed < 0 || counts.Denied < 0 || counts.Refused < 0 || counts.Degraded < 0;

    private static UsageCounts Less(in UsageCounts now, in UsageCounts before) => new(
        now.Allowed - before.Allowed, now.Denied - before.Denied, now.Refused - before.Refused,
        now.Degraded - before.Degraded, now.Cost - before.Cost);

    private static ImmutableArray<DeniedBy> Less(ImmutableArray<DeniedBy> now, ImmutableArray<DeniedBy> before) =>
    [
        .. now.Select(limit => limit with
        {
            Checks = limit.Checks - before.FirstOrDefault(known => known.Limit == limit.Limit).Checks,
        }).Where(limit => limit.Checks > 0),
    ];
}
