using System.Collections.Immutable;
using System.Text.Json;
using Limiter.Domain.Usage;
using Limiter.Http.Json;

namespace Limiter.Http.Usage;

/// <summary>Usage as JSON.</summary>
internal static class UsageJson
{
    private static readonly JsonEncodedText From = JsonEncodedText.Encode("from");
    private static readonly JsonEncodedText To = JsonEncodedText.Encode("to");
    private static readonly JsonEncodedText Start = JsonEncodedText.Encode("start");
    private static readonly JsonEncodedText End = JsonEncodedText.Encode("end");

    public static void Write(Utf8JsonWriter json, UsageAnswer answer)
    {
        json.WriteString("tenant", answer.Tenant.Text);
        json.WriteString("plan", answer.Plan);
        json.WriteTime(From, answer.Query.From);
        json.WriteTime(To, answer.Query.Until);
        json.WriteString("by", answer.Query.GrainName);
        json.WriteString("split", answer.Query.SplitName);
        json.WriteStartObject("total");
        WriteCounts(json, TotalOf(answer.Total));
        json.WriteEndObject();
        json.WriteStartArray("items");
        foreach (var item in answer.Items) Write(json, item, answer.Query);
        json.WriteEndArray();
        if (answer.Next is { } next) json.WriteString("next", next.ToString());
    }

    /// <summary>The members that count; null counts nothing.</summary>
    public static void WriteCounts(Utf8JsonWriter json, UsageLine? line)
    {
        var counts = line?.Counts ?? default;
        json.WriteNumber("checks", counts.Checks);
        json.WriteNumber("allowed", counts.Allowed);
        json.WriteNumber("denied", counts.Denied);
        json.WriteNumber("refused", counts.Refused);
        json.WriteNumber("degraded", counts.Degraded);
        json.WriteNumber("cost", counts.Cost);
        WriteLimits(json, "deniedBy", line?.DeniedBy ?? []);
        WriteLimits(json, "shadowedBy", line?.ShadowedBy ?? []);
    }

    private static void Write(Utf8JsonWriter json, UsageItem item, UsageQuery query)
    {
        var (period, line) = (item.Entry.Period, item.Line);
        json.WriteStartObject();
        json.WriteTime(Start, period.Start);
        json.WriteTime(End, period.End);
        json.WriteBoolean("closed", item.Entry.IsClosed);
        if (query.Split == UsageSplit.Endpoint)
        {
            json.WriteString("group", line.Subject.Group);
            json.WriteString("template", line.Subject.Template);
        }
        if (query.Split == UsageSplit.Key) json.WriteString("key", line.Subject.Key);
        // What found no line of its own has empty names, as have requests without a key.
        if (query.Split != UsageSplit.None && line.Subject.IsOther) json.WriteBoolean("other", true);
        WriteCounts(json, line);
        if (query.Split == UsageSplit.None) WriteWhole(json, item, query);
        json.WriteEndObject();
    }

    private static void WriteWhole(Utf8JsonWriter json, UsageItem item, UsageQuery query)
    {
        if (query.Grain == UsageGrain.Day)
        {
            json.WritePropertyName("charged");
            if (item.Entry.Charged is { } charged) json.WriteNumberValue(charged);
            else json.WriteNullValue();
        }
        if (item.Entry.Sheet.Peak is not { } peak) return;
        json.WriteStartObject("peakMinute");
        json.WriteTime(Start, peak.Start);
        json.WriteNumber("checks", peak.Checks);
        json.WriteEndObject();
    }

    /// <summary>The limit's name; of the rest, which has none, a word.</summary>
    public static string NameOf(DeniedBy limit) => limit.Limit.Length > 0 ? limit.Limit : "other";

    private static void WriteLimits(Utf8JsonWriter json, string name, ImmutableArray<DeniedBy> limits)
    {
        json.WriteStartObject(name);
        foreach (var limit in limits) json.WriteNumber(NameOf(limit), limit.Checks);
        json.WriteEndObject();
    }

    private static UsageLine? TotalOf(UsageSheet sheet) =>
        sheet.LinesBy(UsageSplit.None) is [var line] ? line : null;
}
