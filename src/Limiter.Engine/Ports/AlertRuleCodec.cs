using System.Collections.Immutable;
using System.Text.Json;
using Limiter.Domain.Alerts;
using Limiter.Domain.Tenants;

namespace Limiter.Engine.Ports;

/// <summary>
/// A rule as stores keep it, UTF-8 JSON:
/// <c>{"thresholds":[80,100],"limits":["day"],"summary":true,"webhook":"https://…","secret":"(sealed, base64)"}</c>.
/// </summary>
public static class AlertRuleCodec
{
    public static byte[] Encode(AlertRule rule)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteStartArray("thresholds");
            foreach (var threshold in rule.Thresholds) json.WriteNumberValue(threshold);
            json.WriteEndArray();
            json.WriteStartArray("limits");
            foreach (var limit in rule.Limits) json.WriteStringValue(limit);
            json.WriteEndArray();
            json.WriteBoolean("summary", rule.Summary);
            if (rule.Webhook is not null) json.WriteString("webhook", rule.Webhook.OriginalString);
            if (!rule.SealedSecret.IsEmpty) json.WriteBase64String("secret", rule.SealedSecret.AsSpan());
            json.WriteEndObject();
        }
        return buffer.ToArray();
    }

    /// <exception cref="FormatException">The bytes are damaged.</exception>
    public static AlertRule Decode(TenantId tenant, ReadOnlyMemory<byte> utf8)
    {
        try
        {
            using var json = JsonDocument.Parse(utf8);
            var root = json.RootElement;
            return new AlertRule(
                tenant,
                [.. root.GetProperty("thresholds").EnumerateArray().Select(one => one.GetInt32())],
                [.. root.GetProperty("limits").EnumerateArray().Select(one => one.GetString()!)],
                root.GetProperty("summary").GetBoolean(),
                root.TryGetProperty("webhook", out var webhook) ? new Uri(webhook.GetString()!) : null,
                root.TryGetProperty("secret", out var secret)
                    ? ImmutableArray.Create(secret.GetBytesFromBase64())
                    : []);
        }
        catch (Exception exception)
            when (exception is JsonException or InvalidOperationException or KeyNotFoundException or FormatException)
        {
            throw new FormatException($"the alert rule of {tenant} cannot be read: {exception.Message}", exception);
        }
    }
}
