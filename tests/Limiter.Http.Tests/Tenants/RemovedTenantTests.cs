using System.Net;
using Limiter.Domain;
using Limiter.Domain.Alerts;
using Limiter.Domain.Decisions;
using Limiter.Domain.Escrow;
using Limiter.Domain.Policies;
using Limiter.Domain.Tenants;
using Limiter.Engine.Alerts;
using Limiter.Engine.Callers;
using Limiter.Engine.Checks;
using Limiter.Engine.Clocks;
using Limiter.Engine.InMemory;
using Limiter.Engine.Ports;
using Limiter.Http.Alerts;
using Limiter.Http.Tenants;
using Microsoft.AspNetCore.Http;

namespace Limiter.Http.Tests.Tenants;

/// <summary>A removal that something else goes wrong with, or comes in the middle of.</summary>
public sealed class RemovedTenantTests
{
    private static readonly Policy Waqti = Policies.Shipped("waqti");

    private readonly ManualClock _clock = new(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
    private readonly InMemoryDirectory _directory = new();

    [Fact]
    public async Task Nothing_more_is_admitted_even_when_its_alert_rule_cannot_be_removed()
    {
        await RegisterAsync();
        await using var checker = new Checker(
            new PolicyInForce(Waqti, 1), new EdgeId(1), _directory, new InMemoryBuckets(_clock), _clock,
            waitClock: _clock);
        var check = new Check { Tenant = Acme().Text, Method = "GET", Path = "/" };
        var decision = new Decision();
        await checker.CheckAsync(check, decision, default);
        decision.Outcome.ShouldBe(Outcome.Allowed);
        var tenants = new TenantHandler(
            _directory, new TenantChanges(_directory, checker), checker, static () => Waqti, _clock,
            static (_, _) => throw new StoreUnavailableException("The alerts are out of reach."));
        await Should.ThrowAsync<StoreUnavailableException>(() => tenants.DeleteAsync(Request("DELETE"), default));
        await checker.CheckAsync(check, decision, default);
        decision.Outcome.ShouldBe(Outcome.Refused);
    }

    [Fact]
    public async Task A_rule_that_is_saved_while_its_tenant_is_removed_does_not_outlive_it()
    {
        await RegisterAsync();
        var alerts = new InMemoryAlerts();
        await using var watch = new AlertWatch(alerts, _clock, AlertRule.None);
        using var seal = new SecretSeal(new byte[32]);
        // The removal, the rule's included, comes while the webhook's name is looked up.
        var targets = new WebhookTargets(false, async (_, cancellation) =>
        {
            await _directory.RemoveTenantAsync(Acme(), null, null, cancellation);
            await alerts.RemoveRuleAsync(Acme(), cancellation);
            return [IPAddress.Parse("93.184.216.34")];
        });
        var rules = new AlertsHandler(_directory, alerts, watch, seal, targets, static () => Waqti, _clock);
        var result = await rules.PutAsync(
            Request("PUT", """{"webhook":"https://hooks.example.com/"}"""), default);
        (result as IStatusCodeHttpResult)?.StatusCode.ShouldBe(404);
        (await alerts.FindRuleAsync(Acme(), default)).ShouldBeNull();
        watch.OwnOf(Acme()).ShouldBeNull();
    }

    private async Task RegisterAsync() => (await _directory.SaveTenantAsync(
        new TenantRecord(Acme(), "basic", 0, default, [], []), null, default)).ShouldNotBeNull();

    private static HttpRequest Request(string method, string? body = null)
    {
        var request = new DefaultHttpContext().Request;
        request.Method = method;
        request.RouteValues["tenant"] = "acme";
        if (body is null) return request;
        request.ContentType = "application/json";
        request.ContentLength = body.Length;
        request.Body = new MemoryStream(System.Text.Encoding.UTF8.GetBytes(body));
        return request;
    }

    private static TenantId Acme()
    {
        TenantId.TryParse("acme", out var tenant).ShouldBeTrue();
        return tenant;
    }
}
