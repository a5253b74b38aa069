using System.Globalization;
using System.Text.Json;
using Limiter.Domain.Usage;
using Limiter.Engine.Usage;
using Limiter.Http.Json;

namespace Limiter.Http.Usage;

/// <summary>The overview as JSON.</summary>
internal static class OverviewJson
{
    private const decimal SecondsOfMinute = 60;

    private static readonly JsonEncodedText Now = JsonEncodedText.Encode("now");
    private static readonly JsonEncodedText ResetsAt = JsonEncodedText.Encode("resetsAt");
    private static readonly string[] States = ["ok", "near", "over"];

    public static void Write(Utf8JsonWriter json, ToldOverview told)
    {
        var (overview, recent) = (told.Overview, told.Overview.Recent);
        json.WriteTime(Now, overview.Now);
        json.WriteStartObject("policy");
        json.WriteString("name", told.Policy.Policy.Name);
        json.WriteNumber("version", told.Policy.Generation);
        json.WriteEndObject();
        json.WriteStartObject("degraded");
        json.WriteBoolean("now", told.IsDegraded);
        json.WriteNumber("seconds", (long)told.Degraded.TotalSeconds);
        json.WriteEndObject();
        WriteRates(json, recent.LastMinute);
        json.WriteNumber("active", recent.Tenants.Length);
        json.WriteNumber("near", overview.Near);
        json.WriteNumber("over", overview.Over);
        json.WriteStartArray("tenants");
        foreach (var standing in overview.Page) Write(json, standing);
        json.WriteEndArray();
        if (told.Next is { } next) json.WriteString("next", next.ToString(CultureInfo.InvariantCulture));
    }

    private static void WriteRates(Utf8JsonWriter json, UsageCounts minute)
    {
        json.WriteStartObject("perSecond");
        json.WriteNumber("allowed", PerSecond(minute.Allowed));
        json.WriteNumber("denied", PerSecond(minute.Denied));
        json.WriteNumber("refused", PerSecond(minute.Refused));
        json.WriteNumber("degraded", PerSecond(minute.Degraded));
        json.WriteEndObject();
    }

    private static decimal PerSecond(long ofMinute) => Math.Round(ofMinute / SecondsOfMinute, 2);

    private static void Write(Utf8JsonWriter json, Standing standing)
    {
        json.WriteStartObject();
        json.WriteString("tenant", standing.Recent.Tenant.Text);
        json.WriteString("plan", standing.Plan);
        UsageJson.WriteCounts(json, standing.Recent.Line);
        json.WriteString("state", States[(int)standing.State]);
        json.WriteStartArray("limits");
        foreach (var limit in standing.Limits)
        {
            json.WriteStartObject();
            json.WriteString("name", limit.Limit.Name);
            json.WriteNumber("limit", limit.Number);
            json.WriteNumber("remaining", Math.Max(0, limit.Remaining));
            json.WriteTime(ResetsAt, limit.ResetsAt);
            if (limit.Limit.IsShadow) json.WriteBoolean("shadow", true);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteEndObject();
    }
}
