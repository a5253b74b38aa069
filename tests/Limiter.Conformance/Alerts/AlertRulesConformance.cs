using Limiter.Domain.Alerts;
using Limiter.Domain.Tenants;
using Limiter.Engine.Ports;

namespace Limiter.Conformance.Alerts;

/// <summary>What every adapter of <see cref="IAlertStore"/> does with the tenants' rules.</summary>
public abstract class AlertRulesConformance
{
    protected abstract IAlertStore Alerts { get; }

    protected static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_rule_comes_back_as_it_was_saved()
    {
        var full = AlertOf.Rule("acme", 1, 80, 100);
        var plain = new AlertRule(AlertOf.Tenant("globex"), [], [], false, null, []);
        foreach (var rule in new[] { full, plain })
        {
            (await Alerts.FindRuleAsync(rule.Tenant, Cancellation)).ShouldBeNull();
            (await Alerts.SaveRuleAsync(rule, null, Cancellation)).ShouldBeTrue();
            (await Alerts.FindRuleAsync(rule.Tenant, Cancellation)).ShouldNotBeNull().Rule.ShouldBe(rule);
        }
    }

    [Fact]
    public async Task A_rule_is_saved_only_over_the_version_that_was_read()
    {
        await Alerts.SaveRuleAsync(AlertOf.Rule("acme", 80), null, Cancellation);
        (await Alerts.SaveRuleAsync(AlertOf.Rule("acme", 90), null, Cancellation)).ShouldBeFalse();
        var read = (await Alerts.FindRuleAsync(AlertOf.Tenant("acme"), Cancellation)).ShouldNotBeNull();
        (await Alerts.SaveRuleAsync(AlertOf.Rule("acme", 70), read.Version, Cancellation)).ShouldBeTrue();
        (await Alerts.SaveRuleAsync(AlertOf.Rule("acme", 60), read.Version, Cancellation)).ShouldBeFalse();
        (await Alerts.FindRuleAsync(AlertOf.Tenant("acme"), Cancellation)).ShouldNotBeNull()
            .Rule.Thresholds.ShouldBe([70]);
    }

    [Fact]
    public async Task A_removed_rule_is_gone_and_can_be_made_anew()
    {
        var tenant = AlertOf.Tenant("acme");
        (await Alerts.RemoveRuleAsync(tenant, Cancellation)).ShouldBeFalse();
        await Alerts.SaveRuleAsync(AlertOf.Rule("acme", 80), null, Cancellation);
        var before = (await Alerts.FindRuleAsync(tenant, Cancellation)).ShouldNotBeNull().Version;
        (await Alerts.RemoveRuleAsync(tenant, Cancellation)).ShouldBeTrue();
        (await Alerts.FindRuleAsync(tenant, Cancellation)).ShouldBeNull();
        (await Alerts.SaveRuleAsync(AlertOf.Rule("acme", 90), before, Cancellation)).ShouldBeFalse();
        (await Alerts.SaveRuleAsync(AlertOf.Rule("acme", 90), null, Cancellation)).ShouldBeTrue();
    }

    [Fact]
    public async Task Every_change_of_a_rule_gives_another_version_of_them_all()
    {
        var versions = new List<string> { await Alerts.RulesVersionAsync(Cancellation) };
        await Alerts.SaveRuleAsync(AlertOf.Rule("acme", 80), null, Cancellation);
        versions.Add(await Alerts.RulesVersionAsync(Cancellation));
        (await Alerts.RulesVersionAsync(Cancellation)).ShouldBe(versions[^1]);
        var read = await Alerts.FindRuleAsync(AlertOf.Tenant("acme"), Cancellation);
        await Alerts.SaveRuleAsync(AlertOf.Rule("acme", 90), read!.Version, Cancellation);
        versions.Add(await Alerts.RulesVersionAsync(Cancellation));
        await Alerts.RemoveRuleAsync(AlertOf.Tenant("acme"), Cancellation);
        versions.Add(await Alerts.RulesVersionAsync(Cancellation));
        versions.ShouldBeUnique();
    }

    [Fact]
    public async Task Rules_are_listed_in_the_order_of_their_tenants_page_by_page()
    {
        string[] names = ["a", "a-b", "A1", "b", "b.c", "Z"];
        foreach (var name in names) await Alerts.SaveRuleAsync(AlertOf.Rule(name, 80), null, Cancellation);
        var listed = new List<string>();
        TenantId? after = null;
        while (await Alerts.ListRulesAsync(after, 2, Cancellation) is { Count: > 0 } page)
        {
            listed.AddRange(page.Select(rule => rule.Tenant.Text));
            after = page[^1].Tenant;
        }
        listed.ShouldBe(names.Order(StringComparer.Ordinal));
    }
}
