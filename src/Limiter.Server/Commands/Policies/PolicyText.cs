using System.Globalization;
using System.Text.Json;
using Limiter.Domain.Policies;
using Limiter.Server.Commands.Client;
using Limiter.Server.Commands.Running;
using Limiter.Server.Commands.Terminal;

namespace Limiter.Server.Commands.Policies;

/// <summary>What a compiled policy promises, for a person or a program.</summary>
internal static class PolicyText
{
    public static async Task WriteAsync(CommandRun run, Policy policy)
    {
        await run.SayAsync($"policy {policy.Name}, sha256 {Digest(policy)}").ConfigureAwait(false);
        await LimitsOf(policy).WriteAsync(run.Screen).ConfigureAwait(false);
        await run.SayAsync("").ConfigureAwait(false);
        await PlansOf(policy).WriteAsync(run.Screen).ConfigureAwait(false);
        await run.SayAsync("").ConfigureAwait(false);
        await EndpointsOf(policy).WriteAsync(run.Screen).ConfigureAwait(false);
    }

    public static string Json(Policy policy) => JsonLine.Of(json =>
    {
        json.WriteString("policy", policy.Name);
        json.WriteString("digest", Digest(policy));
        json.WriteStartArray("limits");
        foreach (var limit in policy.Limits) Write(json, limit);
        json.WriteEndArray();
        json.WriteStartObject("plans");
        foreach (var plan in policy.Plans)
        {
            json.WriteStartObject(plan.Name);
            foreach (var limit in policy.Limits)
                json.WriteString(limit.Name, NumberOf(policy, plan, limit));
            json.WriteEndObject();
        }
        json.WriteEndObject();
        json.WriteStartArray("endpoints");
        foreach (var rule in Rules(policy)) Write(json, policy, rule);
        json.WriteEndArray();
    });

    private static Table LimitsOf(Policy policy)
    {
        var table = new Table("limit", "counts", "window", "per", "");
        foreach (var limit in policy.Limits)
            table.Add(
                limit.Name, AlgorithmOf(limit.Rule), WindowOf(limit.Rule),
                limit.Partition.ToString().ToLowerInvariant(),
                limit.IsShadow ? "shadow" : "");
        return table;
    }

    private static Table PlansOf(Policy policy)
    {
        var table = new Table(["plan", .. policy.Limits.Select(limit => "#" + limit.Name)]);
        foreach (var plan in policy.Plans)
            table.Add([plan.Name, .. policy.Limits.Select(limit => NumberOf(policy, plan, limit))]);
        return table;
    }

    private static Table EndpointsOf(Policy policy)
    {
        var table = new Table("endpoint", "group", "#cost", "#records", "limits");
        foreach (var rule in Rules(policy))
            table.Add(
                rule.Template, rule.Group, rule.IsExempt ? "-" : rule.Cost.ToString(CultureInfo.InvariantCulture),
                rule.RecordsMax?.ToString(CultureInfo.InvariantCulture) ?? "",
                string.Join(' ', LimitsOf(policy, rule)));
        return table;
    }

    private static IEnumerable<EndpointRule> Rules(Policy policy) =>
        policy.Endpoints.Rules.Append(policy.Endpoints.Otherwise);

    private static IEnumerable<string> LimitsOf(Policy policy, EndpointRule rule) =>
        from demand in rule.Demands
        let layout = policy.Layouts[demand.Layout]
        from position in Enumerable.Range(0, layout.Limits.Length)
        where ((demand.Mask | demand.Shadows) & (1u << position)) != 0
        let limit = layout.Limits[position]
        where limit is not null
        select limit.Name;

    private static string NumberOf(Policy policy, Plan plan, LimitDefinition limit) =>
        (plan.Numbers[limit.Index] ?? limit.Number, limit.PercentOf) switch
        {
            (Schedule.Unlimited, _) => NumberText.Unlimited,
            ({ } number, _) => number.ToString(CultureInfo.InvariantCulture),
            (null, { } followed) => string.Create(
                CultureInfo.InvariantCulture, $"{limit.Percent}% of {policy.Limits[followed].Name}"),
            _ => "negotiated",
        };

    // The words of a policy's file.
    private static string AlgorithmOf(LimitRule rule) => rule.Algorithm == Algorithm.CalendarQuota
        ? "calendar"
        : JsonNamingPolicy.CamelCase.ConvertName(rule.Algorithm.ToString());

    private static string WindowOf(LimitRule rule) => rule.Algorithm == Algorithm.CalendarQuota
        ? rule.Period.ToString().ToLowerInvariant()
        : string.Create(CultureInfo.InvariantCulture, $"{rule.WindowMs / 1_000}s");

    private static void Write(Utf8JsonWriter json, LimitDefinition limit)
    {
        json.WriteStartObject();
        json.WriteString("name", limit.Name);
        json.WriteString("algorithm", AlgorithmOf(limit.Rule));
        json.WriteString("window", WindowOf(limit.Rule));
        json.WriteString("per", limit.Partition.ToString().ToLowerInvariant());
        json.WriteBoolean("shadow", limit.IsShadow);
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, Policy policy, EndpointRule rule)
    {
        json.WriteStartObject();
        json.WriteString("template", rule.Template);
        json.WriteString("group", rule.Group);
        json.WriteBoolean("exempt", rule.IsExempt);
        json.WriteNumber("cost", rule.Cost);
        json.WriteStartArray("limits");
        foreach (var limit in LimitsOf(policy, rule)) json.WriteStringValue(limit);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static string Digest(Policy policy) => Convert.ToHexStringLower(policy.Digest.AsSpan());
}
