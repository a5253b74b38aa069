using System.Diagnostics.CodeAnalysis;
using System.Net;
using Limiter.Domain;
using Limiter.Domain.Alerts;
using Limiter.Domain.Tenants;
using Limiter.Engine.Alerts;
using Limiter.Engine.Clocks;
using Limiter.Engine.InMemory;
using Limiter.Http.Alerts;
using Microsoft.AspNetCore.Http;

namespace Limiter.Http.Tests.Alerts;

/// <summary>What goes over the wire to a webhook, and what comes of every kind of answer.</summary>
[SuppressMessage("Reliability", "CA2000", Justification = "Each test disposes what it makes.")]
public sealed class WebhooksTests
{
    private const string Secret = "a-secret-of-some-length";
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan Short = TimeSpan.FromMilliseconds(300);

    private readonly ManualClock _clock = new(Start);

    [Fact]
    public async Task A_delivery_is_a_signed_post_of_the_stored_bytes()
    {
        await using var receiver = await HookReceiver.StartAsync();
        using var hooks = Hooks();
        (await hooks.PostAsync(receiver.Hook, Secret, Test(), default)).ShouldBeNull();
        var delivery = receiver.Deliveries.ShouldHaveSingleItem();
        delivery.Target.ShouldBe("POST /hooks/limiter?from=test");
        delivery.Body.ShouldBe(System.Text.Encoding.UTF8.GetString(Test().Body.AsSpan()));
        delivery.Headers["Content-Type"].ShouldBe("application/json");
        delivery.Headers["X-Limiter-Id"].ShouldBe(Test().Id);
        delivery.Headers["X-Limiter-Timestamp"].ShouldBe("1767225600");
        delivery.Headers.Keys.ShouldNotContain("traceparent");
        var signature = delivery.Headers["X-Limiter-Signature"];
        SignatureCheck.Verify(signature, delivery.Body, Secret, Start, 300).ShouldBeTrue();
        SignatureCheck.Verify(signature, delivery.Body, "another", Start, 300).ShouldBeFalse();
        SignatureCheck.Verify(signature, delivery.Body + " ", Secret, Start, 300).ShouldBeFalse();
        SignatureCheck.Verify(signature, delivery.Body, Secret, Start.AddSeconds(301), 300).ShouldBeFalse();
    }

    // printf '1767225600.{}' | openssl dgst -sha256 -hmac a-secret-of-some-length
    [Fact]
    public void The_signature_is_the_one_that_others_compute() =>
        WebhookSignature.Of(Secret, 1_767_225_600, "{}"u8)
            .ShouldBe("t=1767225600,v1=4f58cf562b3ba76e4ab24cef05ce9c1f7d0e33d6a9942601ae882f980bd7fd3d");

    [Theory]
    [InlineData(200, null)]
    [InlineData(299, null)]
    [InlineData(302, "it answered 302: redirects are not followed")]
    [InlineData(404, "it answered 404")]
    [InlineData(410, "it answered 410")]
    [InlineData(500, "it answered 500")]
    public async Task An_answer_counts_by_its_status(int status, string? expected)
    {
        await using var receiver = await HookReceiver.StartAsync();
        receiver.Answer = async (context, _) =>
        {
            context.Response.StatusCode = status;
            context.Response.Headers.Location = receiver.Hook.ToString();
            await context.Response.WriteAsync("internal details");
        };
        using var hooks = Hooks();
        (await hooks.PostAsync(receiver.Hook, Secret, Test(), default)).ShouldBe(expected);
        receiver.Deliveries.Count.ShouldBe(1);
    }

    [Fact]
    public async Task An_answer_without_end_is_not_waited_for()
    {
        await using var receiver = await HookReceiver.StartAsync();
        receiver.Answer = async (context, _) =>
        {
            var junk = new byte[64 * 1024];
            while (!context.RequestAborted.IsCancellationRequested) await context.Response.Body.WriteAsync(junk);
        };
        using var hooks = Hooks();
        (await hooks.PostAsync(receiver.Hook, Secret, Test(), default)).ShouldBeNull();
    }

    [Fact]
    public async Task Headers_without_end_break_the_attempt()
    {
        await using var receiver = await HookReceiver.StartAsync();
        receiver.Answer = (context, _) =>
        {
            context.Response.Headers["X-Long"] = new string('x', 64 * 1024);
            return Task.CompletedTask;
        };
        using var hooks = Hooks();
        (await hooks.PostAsync(receiver.Hook, Secret, Test(), default)).ShouldNotBeNull();
    }

    [Fact]
    public async Task Nobody_listening_and_silence_are_told_apart()
    {
        await using var receiver = await HookReceiver.StartAsync();
        receiver.Answer = static (context, _) => HookReceiver.GoneAsync(context);
        using var hooks = Hooks(Short);
        (await hooks.PostAsync(receiver.Hook, Secret, Test(), default)).ShouldBe("no answer within 0.3 s");
        using var patient = Hooks();
        (await patient.PostAsync(new Uri("http://127.0.0.1:1/"), Secret, Test(), default))
            .ShouldBe("it cannot be connected to");
    }

    [Fact]
    public async Task A_receiver_that_keeps_ids_sees_every_alert_once_whatever_goes_wrong_on_the_way()
    {
        await using var receiver = await HookReceiver.StartAsync();
        // Refused, then done without an answer in time, then done and the connection cut, then answered.
        receiver.Answer = static async (context, n) =>
        {
            if (n % 4 == 1) context.Response.StatusCode = 503;
            else if (n % 4 == 2) await HookReceiver.GoneAsync(context);
            else if (n % 4 == 3) context.Abort();
        };
        using var hooks = Hooks(Short);
        using var seal = new SecretSeal(new byte[32]);
        var (store, counts, tenant) = (new InMemoryAlerts(), new AlertCounts(), Tenant());
        await store.SaveRuleAsync(
            AlertRule.None with { Tenant = tenant, Webhook = receiver.Hook, SealedSecret = seal.Seal(tenant, Secret) },
            null, default);
        for (var i = 0; i < 5; i++)
            await store.AddAsync(TestAlert.Of(tenant, Instant.From(Start) + i * 1000), default);
        var carrier = new AlertDelivery(hooks, new OutputLines(TextWriter.Null), seal);
        _clock.Advance(TimeSpan.FromSeconds(5));
        for (var round = 0; round < 200 && counts.Delivered < 5; round++)
        {
            // Another process each time: nothing is remembered but what is stored.
            await new AlertSender(store, carrier, counts, _clock, static () => 0).SendDueAsync(default);
            _clock.Advance(TimeSpan.FromSeconds(30));
        }
        counts.Delivered.ShouldBe(5);
        receiver.Effects.Count.ShouldBe(5);
        receiver.Deliveries.Count.ShouldBeGreaterThan(10);
        foreach (var delivery in receiver.Deliveries)
            delivery.Body.ShouldBe(receiver.Effects[delivery.Headers["X-Limiter-Id"]]);
        (await store.ListAsync(tenant, null, 10, default)).Items.ShouldAllBe(a => a.State == AlertState.Delivered);
    }

    [Fact]
    public async Task The_address_that_is_connected_to_counts_not_the_one_that_was_saved()
    {
        await using var receiver = await HookReceiver.StartAsync();
        var address = IPAddress.Parse("93.184.216.34");
        var targets = new WebhookTargets(false, (_, _) => Task.FromResult<IPAddress[]>([address]));
        var hook = new Uri($"https://hooks.example.com:{receiver.Hook.Port}/");
        (await targets.RefuseAsync(hook, default)).ShouldBeNull();
        // The name means this machine by the time of the delivery.
        address = IPAddress.Loopback;
        using var hooks = new Webhooks(targets, _clock);
        (await hooks.PostAsync(hook, Secret, Test(), default)).ShouldBe("its host is at no public address");
        (await targets.RefuseAsync(hook, default)).ShouldNotBeNull();
        receiver.Deliveries.ShouldBeEmpty();
    }

    [Fact]
    public async Task Plain_http_that_was_allowed_when_it_was_saved_is_not_posted_to_once_it_is_not()
    {
        await using var receiver = await HookReceiver.StartAsync();
        // The address is a public one as far as this process is told, so only the scheme is wrong.
        var targets = new WebhookTargets(false, static (_, _) =>
            Task.FromResult<IPAddress[]>([IPAddress.Parse("93.184.216.34")]));
        using var hooks = new Webhooks(targets, _clock);
        (await hooks.PostAsync(receiver.Hook, Secret, Test(), default))
            .ShouldBe("its webhook must be an https address: plain http is not allowed here");
        receiver.Deliveries.ShouldBeEmpty();
    }

    private Webhooks Hooks(TimeSpan? patience = null) => new(new WebhookTargets(true), _clock, patience);

    private static Alert Test() => TestAlert.Of(Tenant(), Instant.From(Start));

    private static TenantId Tenant()
    {
        TenantId.TryParse("acme", out var tenant).ShouldBeTrue();
        return tenant;
    }
}
