using Limiter.Domain;
using Limiter.Domain.Tenants;
using Limiter.Domain.Usage;

namespace Limiter.Engine.Remotes;

/// <summary>
/// What a row of usage may say when it comes from another process: counts that no sum of them overflows, names as this
/// one writes them, and a minute that is neither to come nor long gone.
/// </summary>
internal static class RowBounds
{
    /// <summary>Greatest count of one line: a thousand million requests a second for a quarter of an hour.</summary>
    public const long CountMax = 1_000_000_000_000;

    /// <summary>Oldest minute, in milliseconds before now: 7 days, for an edge that could not tell.</summary>
    public const long OldestMs = 7 * UsagePeriod.DayMs;

    /// <summary>How far an edge's clock may be ahead, in milliseconds: 5 minutes.</summary>
    public const long AheadMs = 5 * UsagePeriod.MinuteMs;

    private const int NameLengthMax = 64;

    public static bool IsPossible(UsageRow row, Instant now) =>
        row.Minute.UnixMilliseconds >= 0 && row.Minute.UnixMilliseconds % UsagePeriod.MinuteMs == 0
        && row.Minute >= now + -OldestMs && row.Minute <= now + AheadMs
        && row.Writer.Number >= 1 && row.Revision >= 1
        && row.Sheet.Lines.All(IsPossible);

    private static bool IsPossible(UsageLine line)
    {
        var (subject, counts) = (line.Subject, line.Counts);
        return (subject.Key.Length == 0 || KeyId.TryParse(subject.Key, out _))
            && subject.Group.Length <= NameLengthMax && subject.Template.Length <= UsageSubject.TemplateLengthMax
            && counts.Allowed <= CountMax && counts.Denied <= CountMax && counts.Refused <= CountMax
            && counts.Degraded <= CountMax && counts.Cost is >= -CountMax and <= CountMax
            && line.DeniedBy.All(IsPossible) && line.ShadowedBy.All(IsPossible);
    }

    private static bool IsPossible(DeniedBy limit) =>
        limit.Limit.Length <= NameLengthMax && limit.Checks is >= 1 and <= CountMax;
}
