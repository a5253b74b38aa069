using Limiter.Domain.Alerts;
using Limiter.Engine.Alerts;
using Limiter.Engine.Tests.Kit;

namespace Limiter.Engine.Tests.Alerts;

/// <summary>An edge that watches as many limits as it may.</summary>
public sealed class AlarmBoundTests
{
    private static readonly AlertRule Usual = AlertRule.None with { Thresholds = AlertRule.ThresholdsDefault };

    [Fact]
    public async Task What_is_not_watched_is_counted_once_a_window_and_told_when_there_is_room_again()
    {
        await using var edges = new Edges(Policies.TenAMinute(), alertsOtherwise: Usual);
        await edges.SaveAsync("acme", "small");
        var watch = edges.Watch();
        watch.Grow(AlertWatch.AlarmsMax);
        for (var window = 1; window <= 3; window++)
        {
            await edges.AdmittedAsync(30, Edges.Get("acme"));
            watch.Counts.Dropped.ShouldBe(window);
            await edges.AdvanceAsync(60_000);
        }
        (await ToldAsync(edges)).ShouldBe(0);
        watch.Grow(-AlertWatch.AlarmsMax);
        await edges.AdmittedAsync(30, Edges.Get("acme"));
        (await ToldAsync(edges)).ShouldBe(2);
        watch.Counts.Dropped.ShouldBe(3);
    }

    private static async Task<int> ToldAsync(Edges edges)
    {
        await edges.Watch().SaveAsync(default);
        return (await edges.Alerts.ListAsync(Edges.Tenant("acme"), null, 10, default)).Items.Count;
    }
}
