using Limiter.Domain.Usage;
using Limiter.Engine.Usage;

namespace Limiter.Engine.Tests.Usage;

public sealed class CountedSinceTests
{
    [Fact]
    public void What_was_counted_since_and_the_earlier_sheet_are_the_sheet()
    {
        var earlier = Sheet(("a", 3, 6), ("b", 1, 2));
        var now = Sheet(("a", 3, 4), ("b", 5, 9), ("c", 2, 2));
        var since = CountedSince.Of(now, earlier).ShouldNotBeNull();
        since.Lines.Select(line => (line.Subject.Key, line.Counts.Allowed, line.Counts.Cost))
            .ShouldBe([("a", 0, -2), ("b", 4, 7), ("c", 2, 2)]);
        UsageSheet.Sum([earlier, since]).Total.ShouldBe(now.Total);
    }

    [Fact]
    public void The_same_sheet_counts_nothing_since() =>
        CountedSince.Of(Sheet(("a", 3, 6)), Sheet(("a", 3, 6))).ShouldBeNull();

    [Theory]
    [InlineData("b", 3)]
    [InlineData("a", 9)]
    public void A_sheet_that_told_other_subjects_apart_is_counted_by_its_total(string key, int checks)
    {
        var (earlier, now) = (Sheet((key, checks, 5)), Sheet(("a", 8, 10), ("c", 4, 4)));
        var line = CountedSince.Of(now, earlier).ShouldNotBeNull().Lines.ShouldHaveSingleItem();
        line.Subject.IsOther.ShouldBeTrue();
        line.Counts.ShouldBe(new UsageCounts(12 - checks, 0, 0, 0, 9));
    }

    private static UsageSheet Sheet(params (string Key, int Checks, int Cost)[] lines)
    {
        var sum = new UsageSum();
        foreach (var (key, checks, cost) in lines)
            sum.Add(UsageSubject.Of(key, "group", "GET /x"), new UsageCounts(checks, 0, 0, 0, cost));
        return sum.ToSheet();
    }
}
