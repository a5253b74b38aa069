using FsCheck;
using FsCheck.Fluent;
using Limiter.Domain.Tests.Buckets;
using Limiter.Domain.Usage;

namespace Limiter.Domain.Tests.Usage;

public sealed class UsageSheetTests
{
    [Fact]
    public void A_sum_is_whole_whatever_has_no_line_of_its_own() => Seeds.Each(100, dice =>
    {
        var sum = new UsageSum();
        var (expected, denied) = (default(UsageCounts), 0L);
        for (var i = dice.Next(1, 400); i > 0; i--)
        {
            var counts = new UsageCounts(dice.Next(0, 9), dice.Next(0, 9), dice.Next(0, 9), 1, dice.Next(-9, 90));
            var subject = UsageSubject.Of($"k{dice.Next(0, 40)}", "read", $"GET /{dice.Next(0, 10)}");
            sum.Add(subject, counts);
            sum.AddDenied(subject, $"l{dice.Next(0, 5)}", counts.Denied);
            (expected, denied) = (expected + counts, denied + counts.Denied);
        }
        var sheet = sum.ToSheet();
        sheet.Total.ShouldBe(expected);
        sheet.Lines.Sum(line => line.DeniedBy.Sum(by => by.Checks)).ShouldBe(denied);
        sheet.Lines.Length.ShouldBeLessThanOrEqualTo(UsageSheet.LinesMax);
        sheet.Lines.Select(line => line.Subject).Distinct().Count().ShouldBe(sheet.Lines.Length);
    });

    [Fact]
    public void Sheets_add_up_to_the_same_in_any_order() => Seeds.Each(100, dice =>
    {
        var sheets = Enumerable.Range(0, 6).Select(_ => Sheet(dice, lines: 15)).ToList();
        var expected = UsageCodec.Encode(UsageSheet.Sum(sheets));
        sheets.Reverse();
        UsageCodec.Encode(UsageSheet.Sum(sheets)).ShouldBe(expected);
        var halves = new[] { UsageSheet.Sum(sheets[..3]), UsageSheet.Sum(sheets[3..]) };
        UsageCodec.Encode(UsageSheet.Sum(halves)).ShouldBe(expected);
    });

    [Fact]
    public void The_busiest_keep_their_lines()
    {
        var sum = new UsageSum();
        for (var i = 0; i < 300; i++) sum.Add(UsageSubject.Of($"k{i:000}", "g", "*"), new UsageCounts(i, 0, 0, 0, i));
        var sheet = sum.ToSheet();
        sheet.Lines.Where(line => !line.Subject.IsOther).Min(line => line.Counts.Allowed).ShouldBe(201);
        sheet.Lines.Single(line => line.Subject.IsOther).Counts.Allowed.ShouldBe(200 * 201 / 2);
    }

    [Fact]
    public void A_sheet_comes_back_from_its_bytes() => Seeds.Each(200, dice =>
    {
        var bytes = UsageCodec.Encode(Sheet(dice, (int)dice.Next(0, 120)));
        bytes.Length.ShouldBeLessThanOrEqualTo(UsageCodec.BytesMax);
        UsageCodec.Encode(UsageCodec.Decode(bytes)).ShouldBe(bytes);
    });

    [Fact]
    public void A_peak_comes_back_in_the_third_format_and_a_sum_has_the_busiest() => Seeds.Each(50, dice =>
    {
        var peaks = Enumerable.Range(0, 5).Select(i => new PeakMinute(
            new Instant((10 + i) * UsagePeriod.MinuteMs), dice.Next(1, 4))).ToList();
        var sheets = peaks.ConvertAll(peak =>
        {
            var sum = new UsageSum();
            sum.Add(UsageSubject.Of("k", "g", "*"), new UsageCounts(peak.Checks, 0, 0, 0, 1));
            sum.AddPeak(peak);
            return UsageCodec.Decode(UsageCodec.Encode(sum.ToSheet()));
        });
        sheets.ConvertAll(sheet => sheet.Peak!.Value).ShouldBe(peaks);
        UsageCodec.Encode(sheets[0])[0].ShouldBe(UsageCodec.Format);
        sheets.Add(Sheet(dice, lines: 3));
        var busiest = peaks.OrderByDescending(peak => peak.Checks).ThenBy(peak => peak.Start).First();
        UsageSheet.Sum(sheets).Peak.ShouldBe(busiest);
        sheets.Reverse();
        UsageSheet.Sum(sheets).Peak.ShouldBe(busiest);
    });

    [Theory]
    [InlineData(UsageSplit.None)]
    [InlineData(UsageSplit.Endpoint)]
    [InlineData(UsageSplit.Key)]
    public void A_split_tells_apart_what_it_says_and_loses_nothing(UsageSplit split) => Seeds.Each(50, dice =>
    {
        var sum = new UsageSum();
        sum.Add(Sheet(dice, (int)dice.Next(0, 60)));
        sum.Add(UsageSubject.Other, new UsageCounts(7, 0, 0, 0, 7));
        sum.Add(UsageSubject.Of("", "g", "GET /0"), new UsageCounts(1, 0, 0, 0, 1));
        var sheet = sum.ToSheet();
        var lines = sheet.LinesBy(split);
        lines.Aggregate(default(UsageCounts), (total, line) => total + line.Counts).ShouldBe(sheet.Total);
        lines.Sum(line => line.ShadowedBy.Sum(by => by.Checks))
            .ShouldBe(sheet.Lines.Sum(line => line.ShadowedBy.Sum(by => by.Checks)));
        var apart = sheet.Lines.Where(line => !line.Subject.IsOther).Select(line => split switch
        {
            UsageSplit.Key => line.Subject.Key,
            UsageSplit.Endpoint => line.Subject.Template,
            _ => "",
        });
        lines.Length.ShouldBe(apart.Distinct().Count() + (split == UsageSplit.None ? 0 : 1));
        if (split != UsageSplit.None)
            lines.Single(line => line.Subject.IsOther).Counts.Allowed.ShouldBe(7);
    });

    [Fact]
    public void A_sheet_of_the_longest_names_still_fits_with_its_total()
    {
        var sum = new UsageSum();
        for (var i = 0; i < UsageSheet.LinesMax; i++)
        {
            var subject = UsageSubject.Of($"{i}{new string('k', 61)}", new string('g', 64), i + new string('語', 600));
            sum.Add(subject, new UsageCounts(1, 1, 1, 1, 1));
            for (var limit = 0; limit < 20; limit++) sum.AddDenied(subject, $"{limit}-{i}-{new string('l', 25)}", 1);
        }
        var bytes = UsageCodec.Encode(sum.ToSheet());
        bytes.Length.ShouldBeLessThanOrEqualTo(UsageCodec.BytesMax);
        UsageCodec.Decode(bytes).Total.Allowed.ShouldBe(UsageSheet.LinesMax);
    }

    [Fact]
    public void Random_bytes_are_read_or_refused() => Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(3_000),
        Prop.ForAll<byte[]>(bytes => IsReadOrRefused([UsageCodec.Format, .. bytes]) && IsReadOrRefused(bytes)));

    [Fact]
    public void A_sheet_without_shadow_limits_is_in_the_first_format_and_one_with_them_in_the_second()
    {
        var sum = new UsageSum();
        sum.Add(UsageSubject.Of("k", "g", "*"), new UsageCounts(3, 1, 0, 0, 3));
        sum.AddDenied(UsageSubject.Of("k", "g", "*"), "minute", 1);
        var before = UsageCodec.Encode(sum.ToSheet());
        before.ShouldBe(
            [1, 4, 1, 107, 1, 103, 1, 42, 6, 109, 105, 110, 117, 116, 101, 1, 0, 1, 2, 3, 1, 0, 0, 6, 1, 3, 1]);
        UsageCodec.Decode(before).Lines[0].ShadowedBy.ShouldBeEmpty();
        sum.AddShadowed(UsageSubject.Of("k", "g", "*"), "tried", 2);
        var after = UsageCodec.Encode(sum.ToSheet());
        after[0].ShouldBe((byte)2);
        var line = UsageCodec.Decode(after).Lines.ShouldHaveSingleItem();
        line.DeniedBy.ShouldBe([new DeniedBy("minute", 1)]);
        line.ShadowedBy.ShouldBe([new DeniedBy("tried", 2)]);
    }

    [Fact]
    public void A_newer_format_is_refused() =>
        Should.Throw<UsageFormatException>(() => UsageCodec.Decode([UsageCodec.Format + 1, 0]))
            .Message.ShouldContain($"format {UsageCodec.Format + 1}");

    private static UsageSheet Sheet(Dice dice, int lines)
    {
        var sum = new UsageSum();
        for (; lines > 0; lines--)
        {
            var subject = UsageSubject.Of($"k{dice.Next(0, 9)}", "g", $"GET /{dice.Next(0, 9)}");
            sum.Add(subject, new UsageCounts(dice.Next(0, 1_000_000), 1, 0, 0, dice.Next(-5, 1_000)));
            sum.AddDenied(subject, $"l{dice.Next(0, 3)}", 1);
            sum.AddShadowed(subject, $"s{dice.Next(0, 3)}", dice.Next(0, 2));
        }
        return sum.ToSheet();
    }

    private static bool IsReadOrRefused(byte[] bytes)
    {
        try
        {
            UsageCodec.Decode(bytes);
        }
        catch (UsageFormatException)
        {
            // Refused.
        }
        return true;
    }
}
