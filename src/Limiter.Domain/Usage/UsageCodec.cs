using System.Buffers;
using System.Collections.Immutable;
using Limiter.Domain.Buckets;

namespace Limiter.Domain.Usage;

/// <summary>
/// A sheet as bytes: a format number, the texts that occur, then the lines in variable-length integers. A line takes
/// about 10 bytes besides its texts. Equal sheets are equal bytes.
/// </summary>
public static class UsageCodec
{
    /// <summary>
    /// The newest format: that of a sheet with a peak. Without one it is written in the second, and without counts of
    /// shadow limits in the first, so that older versions read it.
    /// </summary>
    public const byte Format = 3;

    private const byte WithoutShadows = 1;
    private const byte WithoutPeak = 2;

    /// <summary>One property of a row in Table Storage holds 64 KiB.</summary>
    public const int BytesMax = 64 * 1024;

    private const int TextBytesMax = UsageSubject.TemplateLengthMax * 3;
    private const int LimitsMax = UsageSum.LimitsMax + 1;
    private const int TextsMax = (3 + 2 * LimitsMax) * UsageSheet.LinesMax;

    /// <returns>
    /// At most <see cref="BytesMax"/> bytes. A sheet that needs more, with a hundred of the longest names, is written
    /// as its total alone.
    /// </returns>
    public static byte[] Encode(UsageSheet sheet) => Encode(sheet, BytesMax);

    /// <summary>The same for a place that holds less.</summary>
    /// <param name="sheet">The sheet.</param>
    /// <param name="bytesMax">At least what a total takes, 100 bytes.</param>
    public static byte[] Encode(UsageSheet sheet, int bytesMax)
    {
        var bytes = Write(sheet);
        return bytes.Length <= bytesMax ? bytes : Write(TotalOf(sheet));
    }

    /// <exception cref="UsageFormatException">The bytes are damaged, or of a newer format.</exception>
    public static UsageSheet Decode(ReadOnlySpan<byte> bytes)
    {
        try
        {
            return Read(bytes);
        }
        catch (Exception damage) when (damage is BucketFormatException or ArgumentException or ArithmeticException)
        {
            throw new UsageFormatException("Stored usage is damaged: it ends early or holds what cannot be.");
        }
    }

    private static UsageSheet TotalOf(UsageSheet sheet)
    {
        var sum = new UsageSum();
        sum.Add(UsageSubject.Other, sheet.Total);
        sum.AddPeak(sheet.Peak);
        return sum.ToSheet();
    }

    private static byte[] Write(UsageSheet sheet)
    {
        var output = new ArrayBufferWriter<byte>(256);
        var writer = new StateWriter(output);
        var texts = TextsOf(sheet);
        var format = FormatOf(sheet);
        writer.Write(format);
        writer.Write(texts.Count);
        foreach (var text in texts.Keys) writer.WriteText(text);
        writer.Write(sheet.Lines.Length);
        foreach (var line in sheet.Lines)
        {
            Write(ref writer, line, texts);
            if (format > WithoutShadows) Write(ref writer, line.ShadowedBy, texts);
        }
        if (sheet.Peak is { } peak)
        {
            writer.Write(peak.Start.UnixMilliseconds / UsagePeriod.MinuteMs);
            writer.Write(peak.Checks);
        }
        return output.WrittenSpan.ToArray();
    }

    private static byte FormatOf(UsageSheet sheet) => sheet.Peak is not null ? Format
        : sheet.Lines.All(line => line.ShadowedBy.IsEmpty) ? WithoutShadows : WithoutPeak;

    private static UsageSheet Read(ReadOnlySpan<byte> bytes)
    {
        var reader = new StateReader(bytes);
        var format = reader.Read();
        if (format is < WithoutShadows or > Format)
            throw new UsageFormatException(
                $"Usage is stored in format {format}; this version reads formats {WithoutShadows} to {Format}.");
        var texts = new string[reader.ReadCount(TextsMax)];
        for (var i = 0; i < texts.Length; i++) texts[i] = reader.ReadText(TextBytesMax);
        var lines = ImmutableArray.CreateBuilder<UsageLine>(reader.ReadCount(UsageSheet.LinesMax));
        while (lines.Count < lines.Capacity)
        {
            var line = ReadLine(ref reader, texts);
            lines.Add(format > WithoutShadows ? line with { ShadowedBy = ReadLimits(ref reader, texts) } : line);
        }
        PeakMinute? peak = format == Format
            ? new PeakMinute(new Instant(reader.Read() * UsagePeriod.MinuteMs), reader.Read()) : null;
        if (!reader.IsAtEnd) throw new UsageFormatException("Stored usage goes on after its end.");
        return new UsageSheet(lines.MoveToImmutable(), peak);
    }

    // In the order of their first use, so that it follows from the sheet alone.
    private static OrderedDictionary<string, int> TextsOf(UsageSheet sheet)
    {
        var texts = new OrderedDictionary<string, int>(StringComparer.Ordinal);
        foreach (var line in sheet.Lines)
        {
            texts.TryAdd(line.Subject.Key, texts.Count);
            texts.TryAdd(line.Subject.Group, texts.Count);
            texts.TryAdd(line.Subject.Template, texts.Count);
            foreach (var denied in line.DeniedBy) texts.TryAdd(denied.Limit, texts.Count);
            foreach (var shadowed in line.ShadowedBy) texts.TryAdd(shadowed.Limit, texts.Count);
        }
        return texts;
    }

    private static void Write(ref StateWriter writer, UsageLine line, OrderedDictionary<string, int> texts)
    {
        writer.Write(texts[line.Subject.Key]);
        writer.Write(texts[line.Subject.Group]);
        writer.Write(texts[line.Subject.Template]);
        writer.Write(line.Counts.Allowed);
        writer.Write(line.Counts.Denied);
        writer.Write(line.Counts.Refused);
        writer.Write(line.Counts.Degraded);
        writer.WriteSigned(line.Counts.Cost);
        Write(ref writer, line.DeniedBy, texts);
    }

    private static void Write(
        ref StateWriter writer, ImmutableArray<DeniedBy> limits, OrderedDictionary<string, int> texts)
    {
        writer.Write(limits.Length);
        foreach (var limit in limits)
        {
            writer.Write(texts[limit.Limit]);
            writer.Write(limit.Checks);
        }
    }

    private static UsageLine ReadLine(ref StateReader reader, string[] texts)
    {
        var subject = new UsageSubject(
            ReadText(ref reader, texts), ReadText(ref reader, texts), ReadText(ref reader, texts));
        var counts = new UsageCounts(
            reader.Read(), reader.Read(), reader.Read(), reader.Read(), reader.ReadSigned());
        return new UsageLine(subject, counts, ReadLimits(ref reader, texts));
    }

    private static ImmutableArray<DeniedBy> ReadLimits(ref StateReader reader, string[] texts)
    {
        var limits = ImmutableArray.CreateBuilder<DeniedBy>(reader.ReadCount(LimitsMax));
        while (limits.Count < limits.Capacity) limits.Add(new DeniedBy(ReadText(ref reader, texts), reader.Read()));
        return limits.MoveToImmutable();
    }

    private static string ReadText(ref StateReader reader, string[] texts) => texts[reader.ReadCount(texts.Length - 1)];
}
