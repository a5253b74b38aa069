using Limiter.Domain;
using Limiter.Domain.Alerts;
using Limiter.Engine.Alerts;
using Limiter.Engine.Clocks;
using Limiter.Engine.InMemory;
using Limiter.Engine.Ports;
using Limiter.Engine.Tests.Kit;

namespace Limiter.Engine.Tests.Alerts;

/// <summary>How what is in the outbox comes to be delivered.</summary>
public sealed class AlertSenderTests
{
    private readonly ManualClock _clock = new(Edges.Start);
    private readonly FaultyAlerts _store = new(new InMemoryAlerts());
    private readonly Receiver _receiver = new();
    private readonly AlertCounts _counts = new();

    private Instant Now => Instant.From(_clock.GetUtcNow());

    [Fact]
    public async Task What_is_due_is_delivered_once()
    {
        for (var i = 0; i < 300; i++) await AddAsync($"t{i % 7}", i);
        (await Sender().SendDueAsync(default)).ShouldBe(300);
        (await Sender().SendDueAsync(default)).ShouldBe(0);
        _receiver.Taken.Select(alert => alert.Id).ShouldBeUnique();
        (_receiver.Attempts, _counts.Delivered, _counts.Failed).ShouldBe((300, 300, 0));
        _receiver.MostInFlight.ShouldBeLessThanOrEqualTo(7);
        (await StateAsync("t0")).ShouldBe((AlertState.Delivered, 1, null));
    }

    [Fact]
    public async Task A_refused_delivery_is_tried_with_growing_pauses_and_arrives_when_it_is_taken()
    {
        await AddAsync("acme");
        var attempts = new List<long>();
        _receiver.Answer = _ =>
        {
            attempts.Add(Now - Instant.From(Edges.Start));
            return attempts.Count < 5 ? "it answered 503" : null;
        };
        await RunAsync(TimeSpan.FromMinutes(10));
        attempts.ShouldBe([0, 10_000, 30_000, 70_000, 150_000]);
        (await StateAsync("acme")).ShouldBe((AlertState.Delivered, 5, null));
        _receiver.Effects.Count.ShouldBe(1);
    }

    [Fact]
    public async Task After_a_day_it_is_given_up_and_visible_with_what_went_wrong()
    {
        await AddAsync("acme");
        _receiver.Answer = static _ => new string('x', 500);
        await RunAsync(TimeSpan.FromHours(23.9), TimeSpan.FromMinutes(1));
        (await StateAsync("acme")).State.ShouldBe(AlertState.Waiting);
        await RunAsync(TimeSpan.FromHours(0.2), TimeSpan.FromMinutes(1));
        var (state, attempts, error) = await StateAsync("acme");
        (state, error!.Length).ShouldBe((AlertState.Dead, Alert.ErrorLengthMax));
        attempts.ShouldBeInRange(25, 40);
        _counts.Dead.ShouldBe(1);
        var before = _receiver.Attempts;
        await RunAsync(TimeSpan.FromHours(3), TimeSpan.FromMinutes(10));
        _receiver.Attempts.ShouldBe(before);
    }

    [Fact]
    public async Task A_sender_that_dies_between_sending_and_noting_it_sends_again_under_the_same_id()
    {
        await AddAsync("acme");
        _store.NeverSettles = true;
        await Should.ThrowAsync<StoreUnavailableException>(() => Sender().SendDueAsync(default));
        _store.NeverSettles = false;
        // The claim holds for as long as it could still be under way.
        _clock.Advance(TimeSpan.FromMilliseconds(AlertSender.ClaimMs - 1));
        (await Sender().SendDueAsync(default)).ShouldBe(0);
        _clock.Advance(TimeSpan.FromMilliseconds(1));
        (await Sender().SendDueAsync(default)).ShouldBe(1);
        (_receiver.Taken.Count, _receiver.Effects.Count).ShouldBe((2, 1));
        (await StateAsync("acme")).ShouldBe((AlertState.Delivered, 2, null));
    }

    [Fact]
    public async Task Two_senders_at_once_deliver_each_alert_once()
    {
        for (var i = 0; i < 200; i++) await AddAsync($"t{i % 50}", i);
        var senders = new[] { Sender(), Sender(), Sender() };
        var arrived = await Task.WhenAll(senders.Select(sender => Task.Run(() => sender.SendDueAsync(default))));
        while (arrived.Sum() < 200 && await senders[0].SendDueAsync(default) is > 0 and var more) arrived[0] += more;
        _receiver.Taken.Count.ShouldBe(200);
        _receiver.Taken.Select(alert => alert.Id).ShouldBeUnique();
    }

    [Fact]
    public async Task A_slow_webhook_holds_no_other_tenant_up_and_gets_one_alert_at_a_time()
    {
        for (var i = 0; i < 100; i++) await AddAsync("slow", i);
        for (var i = 0; i < 60; i++) await AddAsync($"t{i}");
        var stuck = new TaskCompletionSource();
        _receiver.Pause = alert => alert.Tenant.Text == "slow" ? stuck.Task : Task.CompletedTask;
        var sender = Sender();
        var first = sender.SendDueAsync(default);
        // The first call waits for the slow one; the next ones find the rest.
        await sender.SendDueAsync(default);
        while (_receiver.Taken.Count < 60) await Task.Yield();
        _receiver.Attempts.ShouldBe(61);
        await AddAsync("late");
        (await sender.SendDueAsync(default)).ShouldBe(1);
        stuck.SetResult();
        await first;
        _receiver.Taken.Count.ShouldBe(161);
    }

    [Fact]
    public async Task Many_slow_webhooks_are_bounded_in_number()
    {
        for (var i = 0; i < 200; i++) await AddAsync($"t{i}");
        var stuck = new TaskCompletionSource();
        _receiver.Pause = _ => stuck.Task;
        var sending = Sender().SendDueAsync(default);
        while (_receiver.Attempts < AlertSender.TenantsAtOnceMax) await Task.Yield();
        _receiver.MostInFlight.ShouldBe(AlertSender.TenantsAtOnceMax);
        stuck.SetResult();
        (await sending).ShouldBe(200);
        _receiver.MostInFlight.ShouldBe(AlertSender.TenantsAtOnceMax);
    }

    [Fact]
    public async Task A_webhook_that_fails_is_not_tried_for_each_of_many_alerts()
    {
        for (var i = 0; i < 500; i++) await AddAsync("acme", i);
        _receiver.Answer = static _ => "it cannot be connected to";
        var sender = Sender();
        for (var second = 0; second < 600; second++)
        {
            await sender.SendDueAsync(default);
            _clock.Advance(TimeSpan.FromSeconds(1));
        }
        _receiver.Attempts.ShouldBeLessThan(70);
        _receiver.Answer = static _ => null;
        for (var second = 0; second < 120; second++)
        {
            await sender.SendDueAsync(default);
            _clock.Advance(TimeSpan.FromSeconds(60));
        }
        _receiver.Effects.Count.ShouldBe(500);
    }

    [Fact]
    public async Task An_outbox_out_of_reach_is_told_and_the_next_run_goes_on()
    {
        await AddAsync("acme");
        var sender = Sender();
        _store.Fails = true;
        await Should.ThrowAsync<StoreUnavailableException>(() => sender.SendDueAsync(default));
        _store.Fails = false;
        (await sender.SendDueAsync(default)).ShouldBe(1);
    }

    [Fact]
    public async Task Failing_webhooks_with_more_alerts_than_are_looked_at_do_not_starve_others()
    {
        const int more = 10;
        for (var i = 0; i < IAlertStore.LookedAtMax + more; i++) await AddAsync("broken", i);
        _clock.Advance(TimeSpan.FromMilliseconds(1));
        await AddAsync("acme");
        _receiver.Answer = static alert => alert.Tenant.Text == "broken" ? "it cannot be connected to" : null;
        var sender = Sender();
        (await sender.SendDueAsync(default) + await sender.SendDueAsync(default)).ShouldBe(1);
        _receiver.Taken.ShouldHaveSingleItem().Tenant.Text.ShouldBe("acme");
        // None was lost, and only the first counts as tried.
        _receiver.Attempts.ShouldBe(2);
        _clock.Advance(TimeSpan.FromMinutes(1));
        var all = await _store.ClaimAsync(Now, Now + 1, 1_000, static _ => true, default);
        all.Count.ShouldBe(1_000);
        all.Sum(one => one.Alert.Attempts).ShouldBe(1_001);
    }

    [Fact]
    public async Task The_outbox_is_not_looked_through_again_for_each_tenant_that_is_done()
    {
        for (var i = 0; i < 30; i++) await AddAsync($"t{i}");
        (await Sender().SendDueAsync(default)).ShouldBe(30);
        _store.Claims.ShouldBe(1);
    }

    private AlertSender Sender() => new(_store, _receiver, _counts, _clock, static () => 0);

    private async Task AddAsync(string tenant, int number = 0)
    {
        var id = AlertId.Of(Edges.Tenant(tenant), "", "day", Now, AlertKind.Threshold, number);
        (await _store.AddAsync(new Alert(Edges.Tenant(tenant), id, AlertKind.Threshold, Now, [1, 2, 3]), default))
            .ShouldBeTrue();
    }

    private async Task RunAsync(TimeSpan time, TimeSpan? step = null)
    {
        var (sender, until) = (Sender(), _clock.GetUtcNow() + time);
        while (_clock.GetUtcNow() < until)
        {
            await sender.SendDueAsync(default);
            _clock.Advance(step ?? TimeSpan.FromSeconds(1));
        }
    }

    private async Task<(AlertState State, int Attempts, string? Error)> StateAsync(string tenant)
    {
        var alert = (await _store.ListAsync(Edges.Tenant(tenant), null, 1, default)).Items.ShouldHaveSingleItem();
        return (alert.State, alert.Attempts, alert.Error);
    }
}
