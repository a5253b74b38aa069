using Limiter.Domain.Alerts;
using Limiter.Engine.Tests.Kit;

namespace Limiter.Engine.Tests.Alerts;

/// <summary>Which rule a tenant is watched by, and from when on.</summary>
public sealed class AlertRulesTests
{
    private static readonly AlertRule Usual = AlertRule.None with { Thresholds = AlertRule.ThresholdsDefault };

    [Fact]
    public async Task A_tenant_s_own_rule_takes_the_place_of_the_one_for_all()
    {
        await using var edges = await OfAsync();
        await edges.SaveAsync("globex", "small");
        await edges.Alerts.SaveRuleAsync(Rule("acme", [10, 30]), null, default);
        await edges.Alerts.SaveRuleAsync(Rule("globex", [10]) with { Limits = ["other"] }, null, default);
        await edges.Watch().RefreshAsync(default);
        await edges.AdmittedAsync(20, Edges.Get("acme", cost: 1));
        await edges.AdmittedAsync(20, Edges.Get("globex", cost: 1));
        (await ToldAsync(edges)).ShouldBe([(AlertKind.Threshold, 10), (AlertKind.Threshold, 30)], ignoreOrder: true);
        (await ToldAsync(edges, "globex")).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_rule_that_was_changed_elsewhere_holds_soon_and_unchanged_ones_are_not_read_again()
    {
        await using var edges = await OfAsync();
        await edges.AdvanceAsync(31_000);
        var lists = edges.Alerts.Lists;
        await edges.AdvanceAsync(120_000);
        edges.Alerts.Lists.ShouldBe(lists);
        await edges.Alerts.SaveRuleAsync(Rule("acme", [10]), null, default);
        await edges.AdvanceAsync(60_000);
        edges.Alerts.Lists.ShouldBe(lists + 1);
        await edges.AdmittedAsync(1, Edges.Get("acme"));
        (await ToldAsync(edges)).ShouldHaveSingleItem().Threshold.ShouldBe(10);
    }

    [Fact]
    public async Task A_rule_that_is_changed_here_holds_at_once_and_tells_a_window_s_thresholds_no_second_time()
    {
        await using var edges = await OfAsync();
        await edges.AdmittedAsync(9, Edges.Get("acme"));
        edges.Watch().Adopt(Edges.Tenant("acme"), Rule("acme", [10, 80, 90]));
        await edges.AdmittedAsync(1, Edges.Get("acme"));
        (await ToldAsync(edges)).ShouldBe([(AlertKind.Threshold, 80), (AlertKind.Threshold, 90)], ignoreOrder: true);
        edges.Watch().Adopt(Edges.Tenant("acme"), null);
        await edges.AdmittedAsync(5, Edges.Get("acme"));
        (await ToldAsync(edges)).Count.ShouldBe(3);
    }

    [Fact]
    public async Task A_rule_that_is_changed_here_while_all_are_listed_is_not_undone_by_the_list()
    {
        await using var edges = await OfAsync();
        var rule = Rule("acme", [10]);
        await edges.Alerts.SaveRuleAsync(Rule("globex", [50]), null, default);
        edges.Alerts.WhileListing = async () =>
        {
            edges.Alerts.WhileListing = static () => Task.CompletedTask;
            await edges.Alerts.SaveRuleAsync(rule, null, default);
            edges.Watch().Adopt(rule.Tenant, rule);
        };
        await edges.Watch().RefreshAsync(default);
        edges.Watch().OwnOf(rule.Tenant).ShouldBe(rule);
        edges.Watch().OwnOf(Edges.Tenant("globex")).ShouldNotBeNull();
    }

    private static AlertRule Rule(string tenant, int[] thresholds) =>
        AlertRule.None with { Tenant = Edges.Tenant(tenant), Thresholds = [.. thresholds] };

    private static async Task<Edges> OfAsync()
    {
        var edges = new Edges(Policies.TenAMinute(), alertsOtherwise: Usual);
        await edges.SaveAsync("acme", "small");
        return edges;
    }

    private static async Task<List<(AlertKind Kind, int? Threshold)>> ToldAsync(Edges edges, string tenant = "acme")
    {
        await edges.Watch().SaveAsync(default);
        var alerts = await edges.Alerts.ListAsync(Edges.Tenant(tenant), null, 1_000, default);
        return [.. alerts.Items.Select(alert => (alert.Kind, alert.Threshold))];
    }
}
