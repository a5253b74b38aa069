using System.Collections.Immutable;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using Limiter.Domain;
using Limiter.Domain.Alerts;
using Limiter.Domain.Tenants;
using Limiter.Domain.Usage;

namespace Limiter.Engine.Alerts;

/// <summary>What is sent: one JSON object. Written once, so that every attempt sends the same bytes.</summary>
internal static class AlertBody
{
    /// <summary>Most limits that a summary names, those that denied most first.</summary>
    private const int LimitsMax = 20;

    private static readonly JsonWriterOptions Options = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static ImmutableArray<byte> Of(Crossing crossing) => Object(json =>
    {
        json.WriteString("id", crossing.Id);
        json.WriteString("kind", crossing.Kind == AlertKind.Exceeded ? "exceeded" : "threshold");
        json.WriteString("tenant", crossing.Tenant.Text);
        json.WriteString("plan", crossing.Plan);
        json.WriteString("limit", crossing.Limit);
        if (crossing.Key.Length > 0) json.WriteString("key", crossing.Key);
        if (crossing.Kind == AlertKind.Threshold) json.WriteNumber("threshold", crossing.Threshold);
        json.WriteNumber("number", crossing.Number);
        json.WriteNumber("used", Math.Max(0, crossing.Number - crossing.Remaining));
        json.WriteNumber("remaining", crossing.Remaining);
        WriteTime(json, "windowStart", crossing.Window.Start);
        WriteTime(json, "windowEnd", crossing.Window.End);
        WriteTime(json, "at", crossing.At);
    });

    public static ImmutableArray<byte> OfTest(string id, TenantId tenant, Instant at) => Object(json =>
    {
        json.WriteString("id", id);
        json.WriteString("kind", "test");
        json.WriteString("tenant", tenant.Text);
        WriteTime(json, "at", at);
    });

    public static ImmutableArray<byte> OfSummary(
        string id, DailyUsage usage, string? plan, Instant at) => Object(json =>
    {
        json.WriteString("id", id);
        json.WriteString("kind", "summary");
        json.WriteString("tenant", usage.Tenant.Text);
        if (plan is not null) json.WriteString("plan", plan);
        json.WriteString("day", usage.Day.ToDateTimeOffset().ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
        WriteCounts(json, usage.Sheet);
        if (usage.Charged is { } charged) json.WriteNumber("charged", charged);
        if (usage.Sheet.Peak is { } peak)
        {
            json.WriteStartObject("peakMinute");
            WriteTime(json, "start", peak.Start);
            json.WriteNumber("checks", peak.Checks);
            json.WriteEndObject();
        }
        WriteTime(json, "at", at);
    });

    private static void WriteCounts(Utf8JsonWriter json, UsageSheet sheet)
    {
        var total = sheet.Total;
        json.WriteNumber("checks", total.Checks);
        json.WriteNumber("allowed", total.Allowed);
        json.WriteNumber("denied", total.Denied);
        json.WriteNumber("refused", total.Refused);
        json.WriteNumber("degraded", total.Degraded);
        json.WriteNumber("cost", total.Cost);
        WriteBy(json, "deniedBy", sheet.Lines.SelectMany(line => line.DeniedBy));
        WriteBy(json, "shadowedBy", sheet.Lines.SelectMany(line => line.ShadowedBy));
    }

    private static void WriteBy(Utf8JsonWriter json, string name, IEnumerable<DeniedBy> denials)
    {
        json.WriteStartObject(name);
        var sums = denials.GroupBy(one => one.Limit).Select(of => new DeniedBy(of.Key, of.Sum(one => one.Checks)))
            .OrderByDescending(one => one.Checks).Take(LimitsMax);
        foreach (var sum in sums.OrderBy(one => one.Limit, StringComparer.Ordinal))
            json.WriteNumber(sum.Limit, sum.Checks);
        json.WriteEndObject();
    }

    private static void WriteTime(Utf8JsonWriter json, string name, Instant time) => json.WriteString(
        name, time.ToDateTimeOffset().ToString("yyyy-MM-dd'T'HH:mm:ss.FFF'Z'", CultureInfo.InvariantCulture));

    private static ImmutableArray<byte> Object(Action<Utf8JsonWriter> write)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, Options))
        {
            json.WriteStartObject();
            write(json);
            json.WriteEndObject();
        }
        return [.. buffer.ToArray()];
    }
}
