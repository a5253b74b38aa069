using Limiter.Domain;
using Limiter.Engine.InMemory;
using Limiter.Engine.Ports;

namespace Limiter.Conformance.Alerts;

public sealed class InMemoryAlertsTests : AlertStoreConformance
{
    protected override IAlertStore Alerts { get; } = new InMemoryAlerts();

    [Fact]
    public async Task The_earliest_raised_goes_when_there_are_too_many()
    {
        var alerts = new InMemoryAlerts(alertsMax: 3);
        var start = Instant.From(Clock.GetUtcNow());
        foreach (var at in new[] { 5, 1, 4, 2, 3 })
            (await alerts.AddAsync(AlertOf.Threshold("acme", start + at), Cancellation)).ShouldBeTrue();
        (await alerts.ListAsync(AlertOf.Tenant("acme"), null, 10, Cancellation)).Items
            .Select(alert => alert.At - start).ShouldBe([5, 4, 3]);
        (await alerts.ClaimAsync(start + 9, start + 99, 10, static _ => true, Cancellation)).Count.ShouldBe(3);
    }
}
