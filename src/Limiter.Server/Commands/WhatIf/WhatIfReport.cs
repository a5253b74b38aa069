using System.Text.Json;
using Limiter.Domain;
using Limiter.Domain.Policies;
using Limiter.Server.Commands.Running;
using Limiter.Server.Commands.Terminal;

namespace Limiter.Server.Commands.WhatIf;

/// <summary>What a replay found, and what it took for granted.</summary>
internal sealed class WhatIfReport(
    Policy policy, Instant from, Instant until, ReplayOptions options, ReplaySum sum, TimeSpan elapsed)
{
    public async Task WriteAsync(CommandRun run)
    {
        var table = new Table(
            "tenant", "plan", "limit", "#minutes", "#denied", "#denied then", "worst minute", "#in it");
        foreach (var tenant in sum.Worst) Add(table, tenant);
        if (table.Rows > 0) await table.WriteAsync(run.Screen).ConfigureAwait(false);
        await run.SayAsync(Invariant(
            $"{sum.Limited} of {sum.Tenants} tenants would have been limited by {policy.Name}, ")
            + Invariant($"{sum.NewlyLimited} of them more than in fact."))
            .ConfigureAwait(false);
        await run.SayAsync(Invariant(
            $"{sum.Denied:N0} of {sum.Checks:N0} checks would have been denied; in fact {sum.DeniedThen:N0} were."))
            .ConfigureAwait(false);
        await run.SayAsync(Invariant(
            $"From {from} to {until}, replayed in {elapsed.TotalSeconds:N1} s.")).ConfigureAwait(false);
        await run.SayAsync("Assumed:").ConfigureAwait(false);
        foreach (var assumption in Assumptions()) await run.SayAsync("- " + assumption).ConfigureAwait(false);
    }

    public string Json() => JsonLine.Of(json =>
    {
        json.WriteString("policy", policy.Name);
        json.WriteString("from", from.ToString());
        json.WriteString("to", until.ToString());
        json.WriteString("spread", options.IsBurst ? "burst" : "even");
        json.WriteString("costs", options.UsesPolicyCosts ? "policy" : "recorded");
        json.WriteNumber("tenants", sum.Tenants);
        json.WriteNumber("limited", sum.Limited);
        json.WriteNumber("newlyLimited", sum.NewlyLimited);
        json.WriteNumber("checks", sum.Checks);
        json.WriteNumber("denied", sum.Denied);
        json.WriteNumber("deniedThen", sum.DeniedThen);
        json.WriteStartArray("items");
        foreach (var tenant in sum.Worst) Write(json, tenant);
        json.WriteEndArray();
        json.WriteStartArray("assumptions");
        foreach (var assumption in Assumptions()) json.WriteStringValue(assumption);
        json.WriteEndArray();
    });

    private static void Add(Table table, TenantReplay tenant)
    {
        var (name, plan) = (tenant.Tenant.Id.Text, tenant.Tenant.Plan);
        var tone = tenant.IsNewlyLimited ? Tone.Bad : Tone.Plain;
        if (tenant.LosesPlan)
            table.Add(tone, name, plan, "(no such plan)", "", Invariant($"{tenant.Checks}"), "", "", "");
        foreach (var limit in tenant.Limits)
            table.Add(
                tone, name, plan, limit.Limit, Invariant($"{limit.Minutes}"), Invariant($"{limit.Checks}"),
                Invariant($"{limit.DeniedThen}"), Moment.Format(limit.Worst.Start.ToDateTimeOffset()),
                Invariant($"{limit.Worst.Checks}"));
    }

    private static void Write(Utf8JsonWriter json, TenantReplay tenant)
    {
        json.WriteStartObject();
        json.WriteString("tenant", tenant.Tenant.Id.Text);
        json.WriteString("plan", tenant.Tenant.Plan);
        json.WriteBoolean("losesPlan", tenant.LosesPlan);
        json.WriteBoolean("newlyLimited", tenant.IsNewlyLimited);
        json.WriteNumber("checks", tenant.Checks);
        json.WriteNumber("denied", tenant.Denied);
        json.WriteNumber("deniedThen", tenant.DeniedThen);
        json.WriteStartArray("limits");
        foreach (var limit in tenant.Limits)
        {
            json.WriteStartObject();
            json.WriteString("limit", limit.Limit);
            json.WriteNumber("minutes", limit.Minutes);
            json.WriteNumber("denied", limit.Checks);
            json.WriteNumber("deniedThen", limit.DeniedThen);
            json.WriteStartObject("worstMinute");
            json.WriteString("start", Moment.Format(limit.Worst.Start.ToDateTimeOffset()));
            json.WriteNumber("denied", limit.Worst.Checks);
            json.WriteEndObject();
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private IEnumerable<string> Assumptions()
    {
        yield return options.IsBurst
            ? "all checks of a minute came at once, at its start: the worst within the minute"
            : "the checks of a minute came evenly over it: bursts shorter than a minute are not seen (--spread burst)";
        yield return options.UsesPolicyCosts
            ? "a check cost what the proposed policy says of its rule"
            : "a check cost what checks of its rule cost on average in its minute, a denied one too";
        yield return "plans, overrides and adjustments are those of today; suspensions are passed over";
        yield return "every limit was unused at the first minute";
        yield return "a client that is denied does not come again, and those that were denied in fact come once";
        yield return "requests are told apart by the rule that matched them then, and those of a tenant with more than "
            + "a hundred keys and rules in a minute only by the rest";
        if (policy.Layouts.Any(layout => layout.Partition == Partition.Ip))
            yield return "limits per address are left out: which addresses asked is not recorded";
        if (policy.Anonymous is not null)
            yield return "anonymous callers are left out: they are limited per address";
        if (policy.Limits.Any(limit => limit.IsShadow))
            yield return "shadow limits deny nothing, as in the policy";
    }

    private static string Invariant(FormattableString text) => FormattableString.Invariant(text);
}
