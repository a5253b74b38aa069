using Limiter.Domain;
using Limiter.Domain.Alerts;
using Limiter.Domain.Tenants;
using Limiter.Engine.Clocks;
using Limiter.Engine.Ports;

namespace Limiter.Conformance.Alerts;

/// <summary>What every adapter of <see cref="IAlertStore"/> does with the outbox.</summary>
public abstract class AlertStoreConformance : AlertRulesConformance
{
    private const long Lease = 60_000;

    private static readonly Func<TenantId, bool> Any = static _ => true;

    protected ManualClock Clock { get; } = new(Times.Start);

    private Instant Now => Instant.From(Clock.GetUtcNow());

    [Fact]
    public async Task An_alert_comes_back_as_it_was_added()
    {
        var alert = AlertOf.Threshold("acme", Now);
        (await Alerts.AddAsync(alert, Cancellation)).ShouldBeTrue();
        var plain = new Alert(alert.Tenant, AlertId.OfTest(alert.Tenant, Now), AlertKind.Test, Now, [1]);
        (await Alerts.AddAsync(plain, Cancellation)).ShouldBeTrue();
        foreach (var added in new[] { alert, plain })
        {
            var found = (await Alerts.FindAsync(added.Tenant, added.Id, Cancellation)).ShouldNotBeNull();
            found.Body.ShouldBe(added.Body);
            (found with { Body = added.Body }).ShouldBe(added);
        }
        (await Alerts.FindAsync(alert.Tenant, AlertId.OfTest(alert.Tenant, Now + 1_000), Cancellation)).ShouldBeNull();
        (await Alerts.FindAsync(AlertOf.Tenant("other"), alert.Id, Cancellation)).ShouldBeNull();
    }

    [Fact]
    public async Task An_id_is_added_once_whoever_adds_it_and_whatever_became_of_it()
    {
        var alert = AlertOf.Threshold("acme", Now);
        var adding = Enumerable.Range(0, 8).Select(_ => Alerts.AddAsync(alert, Cancellation).AsTask());
        (await Task.WhenAll(adding)).Count(added => added).ShouldBe(1);
        // Another edge finds the same cause a little later.
        (await Alerts.AddAsync(alert with { At = Now + 5, DueAt = Now + 5 }, Cancellation)).ShouldBeFalse();
        await DeliverAsync(alert);
        (await Alerts.AddAsync(alert, Cancellation)).ShouldBeFalse();
        (await Alerts.ListAsync(alert.Tenant, null, 10, Cancellation)).Items.ShouldHaveSingleItem().At.ShouldBe(Now);
    }

    [Fact]
    public async Task A_tenant_s_alerts_are_listed_the_latest_first_page_by_page()
    {
        var alerts = Enumerable.Range(0, 25).Select(i => AlertOf.Threshold("acme", Now + i / 2, i)).ToList();
        foreach (var alert in alerts) await Alerts.AddAsync(alert, Cancellation);
        await Alerts.AddAsync(AlertOf.Threshold("acme-b", Now + 3), Cancellation);
        var listed = new List<Alert>();
        string? after = null;
        do
        {
            var page = await Alerts.ListAsync(AlertOf.Tenant("acme"), after, 4, Cancellation);
            page.Items.Count.ShouldBeLessThanOrEqualTo(4);
            listed.AddRange(page.Items);
            after = page.Next;
        }
        while (after is not null);
        listed.Select(alert => alert.Id).ShouldBe(
            alerts.OrderByDescending(alert => alert.At).ThenBy(alert => alert.Id, StringComparer.Ordinal)
                .Select(alert => alert.Id));
        await Should.ThrowAsync<ArgumentException>(
            async () => await Alerts.ListAsync(AlertOf.Tenant("acme"), "nonsense", 4, Cancellation));
    }

    [Fact]
    public async Task A_claim_takes_what_is_due_and_nobody_else_does_until_it_ends()
    {
        var early = AlertOf.Threshold("acme", Now, 1);
        var late = AlertOf.Threshold("acme", Now + 10, 2);
        await Alerts.AddAsync(late, Cancellation);
        await Alerts.AddAsync(early, Cancellation);
        (await ClaimAsync(Now + -1)).ShouldBeEmpty();
        var claimed = (await ClaimAsync(Now)).ShouldHaveSingleItem();
        (claimed.Alert.Id, claimed.Alert.Attempts, claimed.Alert.DueAt).ShouldBe((early.Id, 1, Now + Lease));
        (await ClaimAsync(Now + 10)).ShouldHaveSingleItem().Alert.Id.ShouldBe(late.Id);
        (await ClaimAsync(Now + Lease + -1)).ShouldBeEmpty();
        var again = await ClaimAsync(Now + Lease + 10);
        again.Select(one => (one.Alert.Id, one.Alert.Attempts)).ShouldBe([(early.Id, 2), (late.Id, 2)]);
        // Whoever claimed it first has lost it.
        (await Alerts.SettleAsync(claimed, Delivered(claimed.Alert), Cancellation)).ShouldBeFalse();
        (await Alerts.SettleAsync(again[0], Delivered(again[0].Alert), Cancellation)).ShouldBeTrue();
        (await ClaimAsync(Now + 3 * Lease)).ShouldHaveSingleItem().Alert.Id.ShouldBe(late.Id);
    }

    [Fact]
    public async Task Claims_at_the_same_time_take_each_alert_once()
    {
        for (var i = 0; i < 40; i++) await Alerts.AddAsync(AlertOf.Threshold($"t{i % 5}", Now, i), Cancellation);
        var claims = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => ClaimAsync(Now)));
        var ids = claims.SelectMany(claim => claim).Select(one => one.Alert.Id).ToList();
        while (await ClaimAsync(Now) is { Count: > 0 } rest) ids.AddRange(rest.Select(one => one.Alert.Id));
        ids.ShouldBeUnique();
        ids.Count.ShouldBe(40);
    }

    [Fact]
    public async Task A_claim_passes_over_tenants_that_are_not_to_be_taken()
    {
        for (var i = 0; i < 6; i++) await Alerts.AddAsync(AlertOf.Threshold("slow", Now + i, i), Cancellation);
        await Alerts.AddAsync(AlertOf.Threshold("acme", Now + 10), Cancellation);
        var claimed = await Alerts.ClaimAsync(
            Now + 10, Now + Lease, 3, tenant => tenant.Text != "slow", Cancellation);
        claimed.ShouldHaveSingleItem().Alert.Tenant.Text.ShouldBe("acme");
        var rest = await Alerts.ClaimAsync(Now + 10, Now + Lease, 3, Any, Cancellation);
        rest.Select(one => one.Alert.At).ShouldBe([Now, Now + 1, Now + 2]);
    }

    [Fact]
    public async Task What_is_postponed_stands_before_nobody_until_its_time_and_counts_no_attempt()
    {
        for (var i = 0; i < 45; i++) await Alerts.AddAsync(AlertOf.Threshold("broken", Now + i % 3, i), Cancellation);
        var claimed = await Alerts.ClaimAsync(Now + 10, Now + Lease, 2, Any, Cancellation);
        await Alerts.AddAsync(AlertOf.Threshold("broken", Now + 100, 100), Cancellation);
        await Alerts.AddAsync(AlertOf.Threshold("acme", Now + 10), Cancellation);
        var until = Now + 500;
        (await PostponeAsync(40)).ShouldBe(40);
        (await PostponeAsync(40)).ShouldBe(3);
        (await PostponeAsync(40)).ShouldBe(0);
        var asked = new List<string>();
        await Alerts.ClaimAsync(Now + 10, Now + Lease, 10, Asked, Cancellation);
        asked.ShouldBe(["acme"]);
        // What was claimed is its claimer's still; what came later was not moved.
        foreach (var mine in claimed)
            (await Alerts.SettleAsync(mine, Delivered(mine.Alert), Cancellation)).ShouldBeTrue();
        (await ClaimAsync(Now + 499)).ShouldHaveSingleItem().Alert.At.ShouldBe(Now + 100);
        var back = await ClaimAsync(until);
        back.Count.ShouldBe(43);
        back.ShouldAllBe(one => one.Alert.Attempts == 1 && one.Alert.Error == null);

        ValueTask<int> PostponeAsync(int take) =>
            Alerts.PostponeAsync(AlertOf.Tenant("broken"), Now + 10, until, take, Cancellation);

        bool Asked(TenantId tenant)
        {
            asked.Add(tenant.Text);
            return true;
        }
    }

    [Fact]
    public async Task A_failed_attempt_is_due_again_at_its_time_and_says_why()
    {
        var alert = AlertOf.Threshold("acme", Now);
        await Alerts.AddAsync(alert, Cancellation);
        var claimed = (await ClaimAsync(Now)).ShouldHaveSingleItem();
        var failed = claimed.Alert with { DueAt = Now + 500, Error = "it answered 503 é" };
        (await Alerts.SettleAsync(claimed, failed, Cancellation)).ShouldBeTrue();
        (await ClaimAsync(Now + 499)).ShouldBeEmpty();
        var again = (await ClaimAsync(Now + 500)).ShouldHaveSingleItem();
        (again.Alert.Attempts, again.Alert.Error).ShouldBe((2, "it answered 503 é"));
        await Alerts.SettleAsync(again, again.Alert with { State = AlertState.Dead, DueAt = null }, Cancellation);
        (await ClaimAsync(Now + 10 * Lease)).ShouldBeEmpty();
        var dead = (await Alerts.FindAsync(alert.Tenant, alert.Id, Cancellation)).ShouldNotBeNull();
        (dead.State, dead.Attempts, dead.DueAt).ShouldBe((AlertState.Dead, 2, null));
    }

    [Fact]
    public async Task A_sweep_forgets_what_is_old_and_waits_no_more()
    {
        for (var i = 0; i < 40; i++) await Alerts.AddAsync(AlertOf.Threshold("acme", Now + i, i), Cancellation);
        foreach (var claimed in await ClaimAsync(Now + 35))
            await Alerts.SettleAsync(claimed, Delivered(claimed.Alert), Cancellation);
        (await Alerts.SweepAsync(Now + 39, 10, Cancellation)).ShouldBe(10);
        (await Alerts.SweepAsync(Now + 34, 1_000, Cancellation)).ShouldBe(24);
        (await Alerts.SweepAsync(Now + 34, 1_000, Cancellation)).ShouldBe(0);
        var left = await Alerts.ListAsync(AlertOf.Tenant("acme"), null, 100, Cancellation);
        left.Items.Select(alert => alert.At - Now).ShouldBe([39, 38, 37, 36, 35, 34]);
        // Its id is free again.
        (await Alerts.AddAsync(AlertOf.Threshold("acme", Now), Cancellation)).ShouldBeTrue();
    }

    [Fact]
    public async Task The_progress_of_summaries_only_moves_ahead()
    {
        (await Alerts.SummarisedUntilAsync(Cancellation)).ShouldBeNull();
        foreach (var until in new[] { Now + 10, Now, Now + 5 })
            await Alerts.SaveSummarisedUntilAsync(until, Cancellation);
        (await Alerts.SummarisedUntilAsync(Cancellation)).ShouldBe(Now + 10);
    }

    [Fact]
    public async Task Bodies_and_pages_are_bounded()
    {
        var alert = AlertOf.Threshold("acme", Now);
        foreach (var size in new[] { 0, Alert.BodyBytesMax + 1 })
            await Should.ThrowAsync<ArgumentException>(async () =>
                await Alerts.AddAsync(alert with { Body = [.. new byte[size]] }, Cancellation));
        (await Alerts.AddAsync(alert with { Body = [.. new byte[Alert.BodyBytesMax]] }, Cancellation)).ShouldBeTrue();
        foreach (var take in new[] { 0, IAlertStore.PageMax + 1 })
            await Should.ThrowAsync<ArgumentOutOfRangeException>(async () =>
                await Alerts.ListAsync(alert.Tenant, null, take, Cancellation));
    }

    private async Task<IReadOnlyList<ClaimedAlert>> ClaimAsync(Instant now) =>
        await Alerts.ClaimAsync(now, now + Lease, 1_000, Any, Cancellation);

    private async Task DeliverAsync(Alert alert)
    {
        var claimed = (await ClaimAsync(alert.At)).ShouldHaveSingleItem();
        (await Alerts.SettleAsync(claimed, Delivered(claimed.Alert), Cancellation)).ShouldBeTrue();
    }

    private static Alert Delivered(Alert alert) => alert with { State = AlertState.Delivered, DueAt = null };
}
