using Limiter.Domain.Tests.Buckets;
using Limiter.Domain.Usage;

namespace Limiter.Domain.Tests.Usage;

public sealed class UsagePeriodTests
{
    [Theory]
    [InlineData(UsageGrain.Minute, "2024-02-29T23:59:00Z", "2024-03-01T00:00:00Z")]
    [InlineData(UsageGrain.Hour, "2024-02-29T23:00:00Z", "2024-03-01T00:00:00Z")]
    [InlineData(UsageGrain.Day, "2024-02-29T00:00:00Z", "2024-03-01T00:00:00Z")]
    [InlineData(UsageGrain.Month, "2024-02-01T00:00:00Z", "2024-03-01T00:00:00Z")]
    public void A_time_belongs_to_one_period_of_each_grain(UsageGrain grain, string start, string end)
    {
        var time = Time("2024-02-29T23:59:59.999Z");
        var period = UsagePeriod.Of(grain, time);
        (period.Start, period.End).ShouldBe((Time(start), Time(end)));
        UsagePeriod.Of(grain, period.End).Start.ShouldBe(period.End);
        UsagePeriod.Of(grain, period.Start).ShouldBe(period);
    }

    [Fact]
    public void Periods_follow_one_another_and_lie_whole_in_the_coarser_ones() => Seeds.Each(500, dice =>
    {
        var time = new Instant(dice.Next(0, 2_000_000_000) * 1_000L * dice.Next(-1, 3) + dice.Next(0, 999));
        foreach (var grain in Enum.GetValues<UsageGrain>())
        {
            var period = UsagePeriod.Of(grain, time);
            (period.Start <= time && time < period.End).ShouldBeTrue();
            if (grain == UsageGrain.Month) continue;
            var whole = period.In(grain + 1);
            (whole.Start <= period.Start && period.End <= whole.End).ShouldBeTrue();
        }
    });

    private static Instant Time(string text) =>
        Instant.From(DateTimeOffset.Parse(text, System.Globalization.CultureInfo.InvariantCulture));
}
