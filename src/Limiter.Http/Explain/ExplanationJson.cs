using System.Globalization;
using System.Text.Json;
using Limiter.Domain;
using Limiter.Domain.Decisions;
using Limiter.Domain.Policies;
using Limiter.Engine.Explaining;
using Limiter.Http.Json;
using Limiter.Http.Tenants;

namespace Limiter.Http.Explain;

/// <summary>An explanation as this surface's JSON.</summary>
internal static class ExplanationJson
{
    private static readonly JsonEncodedText PassesAt = JsonEncodedText.Encode("passesAt");
    private static readonly JsonEncodedText ResetsAt = JsonEncodedText.Encode("resetsAt");

    public static void Write(Utf8JsonWriter json, Explanation explanation)
    {
        var decision = explanation.Decision;
        // Not as a check's answer has it: nothing was admitted.
        json.WriteBoolean("passes", decision.Outcome == Outcome.Allowed);
        if (decision.Tenant.Text.Length > 0) json.WriteString("tenant", decision.Tenant.Text);
        if (decision.Plan is { } plan) json.WriteString("plan", plan.Name);
        json.WriteString("group", decision.Rule!.Group);
        json.WriteString("rule", decision.Rule.Template);
        json.WriteNumber("cost", decision.Cost);
        if (explanation.PassesAt == Instant.Never) json.WriteNull(PassesAt);
        else json.WriteTime(PassesAt, explanation.PassesAt);
        if (explanation.Limits.FirstOrDefault(limit => limit.Binds) is { } binding)
            json.WriteString("binding", binding.Limit.Name);
        json.WriteStartArray("limits");
        foreach (var limit in explanation.Limits) Write(json, limit);
        json.WriteEndArray();
    }

    private static void Write(Utf8JsonWriter json, ExplainedLimit limit)
    {
        var (definition, rule) = (limit.Limit, limit.Limit.Rule);
        json.WriteStartObject();
        json.WriteString("name", definition.Name);
        json.WriteString("algorithm", AlgorithmOf(rule));
        json.WriteString("window", WindowOf(rule));
        json.WriteString("per", PartitionOf(definition.Partition));
        json.WriteString("bucket", limit.Value);
        WriteNumber(json, "limit", limit.Status?.Number ?? limit.Source.InForce);
        json.WritePropertyName("source");
        NumberSourceJson.Write(json, limit.Source);
        if (limit.Status is { } status)
        {
            json.WriteNumber("used", Math.Max(0, status.Number - status.Remaining));
            json.WriteNumber("remaining", status.Remaining);
            json.WriteTime(ResetsAt, status.ResetsAt);
        }
        if (definition.IsShadow)
        {
            json.WriteBoolean("shadow", true);
            json.WriteBoolean("wouldDeny", limit.Lacks);
        }
        else
        {
            json.WriteBoolean("denies", limit.Lacks);
        }
        json.WriteEndObject();
    }

    public static void WriteNumber(Utf8JsonWriter json, string name, long number)
    {
        if (number == Schedule.Unlimited) json.WriteString(name, TenantJson.Unlimited);
        else json.WriteNumber(name, number);
    }

    // The words of a policy's file.
    private static string AlgorithmOf(LimitRule rule) => rule.Algorithm switch
    {
        Algorithm.FixedWindow => "fixedWindow",
        Algorithm.CalendarQuota => "calendar",
        Algorithm.SlidingWindow => "slidingWindow",
        _ => "tokenBucket",
    };

    private static string PartitionOf(Partition partition) => partition switch
    {
        Partition.Key => "key",
        Partition.Ip => "ip",
        _ => "tenant",
    };

    private static string WindowOf(LimitRule rule) => rule.Algorithm != Algorithm.CalendarQuota
        ? string.Create(CultureInfo.InvariantCulture, $"{rule.WindowMs / 1000}s")
        : rule.Period switch
        {
            CalendarPeriod.Hour => "hour",
            CalendarPeriod.Day => "day",
            _ => "month",
        };
}
