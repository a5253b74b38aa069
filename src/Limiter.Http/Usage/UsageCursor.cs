using System.Globalization;
using Limiter.Domain;

namespace Limiter.Http.Usage;

/// <summary>Where a page of usage ended: within a period, behind so many of its items.</summary>
/// <param name="Start">The period's start; <c>default</c> before everything.</param>
/// <param name="Seen">Items of the period that were given already.</param>
internal readonly record struct UsageCursor(Instant Start, int Seen)
{
    private const char Separator = '.';

    /// <summary>False too for a time that no query has: a calendar would not know it.</summary>
    public static bool TryParse(string text, out UsageCursor cursor)
    {
        cursor = default;
        if (text.Split(Separator) is not [var start, var seen]
            || !long.TryParse(start, NumberStyles.None, CultureInfo.InvariantCulture, out var time)
            || new Instant(time) >= UsageQuery.TimeMax
            || !int.TryParse(seen, NumberStyles.None, CultureInfo.InvariantCulture, out var items)) return false;
        cursor = new UsageCursor(new Instant(time), items);
        return true;
    }

    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{Start.UnixMilliseconds}{Separator}{Seen}");
}
