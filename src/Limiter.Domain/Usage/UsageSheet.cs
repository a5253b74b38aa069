using System.Collections.Immutable;

namespace Limiter.Domain.Usage;

/// <summary>
/// What one tenant used in some time, line by line, in the order of their subjects. Bounded: subjects that find no
/// line are counted together under <see cref="UsageSubject.Other"/>, so the total is always whole.
/// </summary>
public sealed class UsageSheet
{
    /// <summary>Most lines, the one for all others included.</summary>
    public const int LinesMax = 100;

    public static readonly UsageSheet Empty = new([]);

    internal UsageSheet(ImmutableArray<UsageLine> lines, PeakMinute? peak = null) => (Lines, Peak) = (lines, peak);

    public ImmutableArray<UsageLine> Lines { get; }

    /// <summary>
    /// The busiest minute of an hour or longer; null of a minute, and of what was summed up before peaks were kept.
    /// </summary>
    public PeakMinute? Peak { get; }

    public UsageCounts Total
    {
        get
        {
            var total = default(UsageCounts);
            foreach (var line in Lines) total += line.Counts;
            return total;
        }
    }

    /// <summary>The lines with those put together that the split does not tell apart, in order.</summary>
    /// <returns>
    /// Of <see cref="UsageSplit.None"/> at most one. By endpoint the key is empty, by key the template is; the line of
    /// all others stays one of its own, as <see cref="UsageSubject.Other"/>.
    /// </returns>
    public ImmutableArray<UsageLine> LinesBy(UsageSplit split)
    {
        if (split == UsageSplit.None && !Lines.IsEmpty && (Lines.Length == 1 || HasNoLimits()))
            return [Lines[0] with { Subject = UsageSubject.Other, Counts = Total }];
        var sum = new UsageSum();
        foreach (var line in Lines) sum.Add(line with { Subject = line.Subject.By(split) });
        return sum.ToSheet().Lines;
    }

    // Most sheets: nothing was denied. They need no sorting.
    private bool HasNoLimits()
    {
        foreach (var line in Lines)
            if (!line.DeniedBy.IsEmpty || !line.ShadowedBy.IsEmpty) return false;
        return true;
    }

    /// <summary>The sum of some sheets; the same in whatever order they come unless they have too many lines.</summary>
    public static UsageSheet Sum(IEnumerable<UsageSheet> sheets)
    {
        var sum = new UsageSum();
        foreach (var sheet in sheets) sum.Add(sheet);
        return sum.ToSheet();
    }
}
