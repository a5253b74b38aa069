using System.Collections.Immutable;

namespace Limiter.Domain.Buckets;

/// <summary>
/// How near to full a token bucket has come since any time: a refund of earlier spending gives back no more than what
/// was missing all the while, for beyond that the refill would have spilled. Immutable; <c>default</c> is empty.
/// </summary>
/// <remarks>
/// Least is missing just before somebody spends. Of these marks only those count that are below all later ones. When
/// they are too many, the last of them, which tell of most missing, become one: that errs against refunds.
/// </remarks>
internal readonly struct WaterMarks
{
    /// <summary>Most marks that are kept.</summary>
    public const int MarksMax = 16;

    // In the order of time, and each with more missing than the one before.
    private readonly ImmutableArray<Mark> _marks;

    private WaterMarks(ReadOnlySpan<Mark> marks) => _marks = [.. marks];

    private ImmutableArray<Mark> Marks => _marks.IsDefault ? [] : _marks;

    /// <summary>The least that was missing at a mark after a time, in units; null where there is none.</summary>
    public long? LeastAfter(Instant time)
    {
        foreach (var mark in Marks)
            if (mark.At > time) return mark.Missing;
        return null;
    }

    /// <summary>With a mark more.</summary>
    /// <param name="at">The time; nothing is known of what was missing since, but for the marks.</param>
    /// <param name="missing">What was missing then, in units.</param>
    public WaterMarks With(Instant at, long missing) => With(new Mark(at, missing, at));

    /// <summary>With a mark of the least that was missing at some time between two, which one is not known.</summary>
    public WaterMarks Within(Instant since, Instant at, long missing) => With(new Mark(at, missing, since));

    private WaterMarks With(in Mark added)
    {
        Span<Mark> marks = stackalloc Mark[MarksMax + 1];
        var count = 0;
        foreach (var mark in Marks)
            if (mark.At <= added.At) marks[count++] = mark;
        var later = count;
        marks[count++] = added;
        foreach (var mark in Marks.AsSpan()[later..]) marks[count++] = mark;
        return Rising(marks[..count]);
    }

    /// <summary>
    /// So much more was missing at every mark after a time; below 0 for less, which then counts for those that may be
    /// after it too.
    /// </summary>
    public WaterMarks Moved(Instant after, long units)
    {
        if (LeastAfter(after) is null) return this;
        Span<Mark> marks = stackalloc Mark[Marks.Length];
        for (var i = 0; i < marks.Length; i++)
            marks[i] = (units < 0 ? Marks[i].At : Marks[i].Since) > after
                ? Marks[i] with { Missing = Marks[i].Missing + units }
                : Marks[i];
        return Rising(marks);
    }

    public void Write(ref StateWriter writer, Instant now)
    {
        writer.Write(Marks.Length);
        foreach (var mark in Marks)
        {
            writer.WriteSigned(now - mark.At);
            writer.Write(mark.Missing);
            writer.Write(mark.At - mark.Since);
        }
    }

    public static WaterMarks Read(ref StateReader reader, Instant now)
    {
        Span<Mark> marks = stackalloc Mark[MarksMax];
        var count = reader.ReadCount(MarksMax);
        for (var i = 0; i < count; i++)
        {
            var (at, missing) = (now + -reader.ReadSigned(), reader.Read());
            marks[i] = new Mark(at, missing, at + -reader.Read());
        }
        return new WaterMarks(marks[..count]);
    }

    private static WaterMarks Rising(Span<Mark> marks)
    {
        var first = marks.Length;
        for (var i = marks.Length - 1; i >= 0; i--)
            if (first == marks.Length || marks[i].Missing < marks[first].Missing) marks[--first] = marks[i];
        var kept = marks[first..];
        if (kept.Length <= MarksMax) return new WaterMarks(kept);
        kept[^2] = kept[^2] with { At = kept[^1].At };
        return new WaterMarks(kept[..^1]);
    }

    private readonly record struct Mark(Instant At, long Missing, Instant Since);
}
