using Limiter.Domain.Alerts;
using Limiter.Domain.Tenants;

namespace Limiter.Domain.Tests.Alerts;

public sealed class AlertIdTests
{
    private static readonly Instant Day = new(1_767_225_600_000);

    [Fact]
    public void The_same_cause_has_the_same_id_for_good()
    {
        // Ids that an earlier version stored have to be found: this never changes.
        AlertId.Of(Tenant("acme"), "k1", "day", Day, AlertKind.Threshold, 80)
            .ShouldBe(AlertId.Of(Tenant("acme"), "k1", "day", Day, AlertKind.Threshold, 80));
        AlertId.OfSummary(Tenant("acme"), Day).Length.ShouldBe(AlertId.Length);
        AlertId.OfTest(Tenant("acme"), Day).ShouldBe(AlertId.OfTest(Tenant("acme"), Day + 999));
    }

    [Fact]
    public void Other_causes_have_other_ids()
    {
        string[] ids =
        [
            AlertId.Of(Tenant("acme"), "", "day", Day, AlertKind.Threshold, 80),
            AlertId.Of(Tenant("acme"), "", "day", Day, AlertKind.Threshold, 90),
            AlertId.Of(Tenant("acme"), "", "day", Day, AlertKind.Exceeded, 80),
            AlertId.Of(Tenant("acme"), "", "day", Day + 1, AlertKind.Threshold, 80),
            AlertId.Of(Tenant("acme"), "", "minute", Day, AlertKind.Threshold, 80),
            AlertId.Of(Tenant("acme"), "k1", "day", Day, AlertKind.Threshold, 80),
            AlertId.Of(Tenant("acm"), "e", "day", Day, AlertKind.Threshold, 80),
            AlertId.OfSummary(Tenant("acme"), Day), AlertId.OfTest(Tenant("acme"), Day),
        ];
        ids.ShouldBeUnique();
        ids.ShouldAllBe(id => id.StartsWith("al_", StringComparison.Ordinal));
    }

    [Fact]
    public void A_failed_delivery_is_tried_after_growing_pauses_for_a_day_and_a_last_time_at_its_end()
    {
        var (now, pauses) = (Day, new List<long>());
        for (var attempt = 1; RetryPause.Next(Day, now, attempt, chance: 0) is { } next; attempt++)
        {
            pauses.Add(next - now);
            now = next;
        }
        pauses[..10].ShouldBe(
            [10_000, 20_000, 40_000, 80_000, 160_000, 320_000, 640_000, 1_280_000, 2_560_000, 3_600_000]);
        now.ShouldBe(Day + RetryPause.LifetimeMs);
        pauses.Count.ShouldBeInRange(24, 40);
    }

    [Fact]
    public void Chance_shortens_a_pause_by_at_most_a_fifth()
    {
        for (var attempt = 1; attempt < 100; attempt++)
        {
            var whole = RetryPause.Of(attempt, 0);
            whole.ShouldBeLessThanOrEqualTo(RetryPause.LongestMs);
            RetryPause.Of(attempt, 999_999).ShouldBeInRange(whole * 8 / 10, whole);
        }
    }

    private static TenantId Tenant(string name)
    {
        TenantId.TryParse(name, out var id).ShouldBeTrue();
        return id;
    }
}
