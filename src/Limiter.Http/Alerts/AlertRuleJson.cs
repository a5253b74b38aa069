using System.Text.Json;
using Limiter.Domain.Alerts;
using Limiter.Http.Json;

namespace Limiter.Http.Alerts;

/// <summary>An alert rule as it is shown.</summary>
internal static class AlertRuleJson
{
    /// <param name="json">An object that is open.</param>
    /// <param name="rule">The rule.</param>
    /// <param name="webhook">What is shown of its webhook; null: nothing.</param>
    public static void Write(Utf8JsonWriter json, AlertRule rule, string? webhook)
    {
        json.WriteStartArray("thresholds");
        foreach (var threshold in rule.Thresholds) json.WriteNumberValue(threshold);
        json.WriteEndArray();
        if (!rule.Limits.IsEmpty)
        {
            json.WriteStartArray("limits");
            foreach (var limit in rule.Limits) json.WriteStringValue(limit);
            json.WriteEndArray();
        }
        json.WriteBoolean("summary", rule.Summary);
        if (webhook is not null) json.WriteString("webhook", webhook);
    }

    /// <summary>
    /// What is told of a change. Of the webhook only the host, since paths and queries often hold a secret.
    /// </summary>
    public static string Tell(AlertRule rule) => JsonText.Object(rule, static (json, told) =>
        Write(json, told, told.Webhook?.GetLeftPart(UriPartial.Authority)));
}
