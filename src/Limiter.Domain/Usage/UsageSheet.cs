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

    internal UsageSheet(ImmutableArray<UsageLine> lines) => Lines = lines;

    public ImmutableArray<UsageLine> Lines { get; }

    public UsageCounts Total
    {
        get
        {
            var total = default(UsageCounts);
            foreach (var line in Lines) total += line.Counts;
            return total;
        }
    }

    /// <summary>The sum of some sheets; the same in whatever order they come unless they have too many lines.</summary>
    public static UsageSheet Sum(IEnumerable<UsageSheet> sheets)
    {
        var sum = new UsageSum();
        foreach (var sheet in sheets) sum.Add(sheet);
        return sum.ToSheet();
    }
}
