using System.Globalization;
using System.Text.Json;
using Limiter.Domain;
using Limiter.Domain.Tenants;
using Limiter.Http.Json;

namespace Limiter.Http.Tenants;

/// <summary>A key as the admin calls show it: never its secret, nor the hash.</summary>
internal static class KeyJson
{
    private static readonly JsonEncodedText CreatedAt = JsonEncodedText.Encode("createdAt");
    private static readonly JsonEncodedText ExpiresAt = JsonEncodedText.Encode("expiresAt");
    private static readonly JsonEncodedText OverlapUntil = JsonEncodedText.Encode("overlapUntil");

    private static readonly string[] Kinds = ["live", "test", "imported"];

    public static void Write(Utf8JsonWriter json, KeyRecord key, Instant now)
    {
        json.WriteString("key", key.Key.Text);
        json.WriteString("name", key.Label);
        json.WriteString("kind", Kinds[(int)key.Kind]);
        json.WriteTime(CreatedAt, key.CreatedAt);
        WriteEnds(json, key, now);
        if (key.LastUsedDay is { } day)
            json.WriteString("lastUsed", new Instant(day * KeyRecord.DayMs).ToDateTimeOffset()
                .ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
    }

    /// <summary>The members of a page of keys.</summary>
    public static void WritePage(Utf8JsonWriter json, IReadOnlyList<KeyRecord> keys, int limit, Instant now)
    {
        json.WriteStartArray("keys");
        foreach (var key in keys)
        {
            json.WriteStartObject();
            Write(json, key, now);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteString("next", keys.Count < limit ? null : keys[^1].Key.Text);
    }

    /// <summary>What is told of a key that was made or rotated.</summary>
    public static string ValueOf(KeyRecord key, Instant now) => JsonText.Object((key, now), static (json, told) =>
    {
        json.WriteString("name", told.key.Label);
        json.WriteString("kind", Kinds[(int)told.key.Kind]);
        WriteEnds(json, told.key, told.now);
    });

    private static void WriteEnds(Utf8JsonWriter json, KeyRecord key, Instant now)
    {
        if (key.ExpiresAt is { } end) json.WriteTime(ExpiresAt, end);
        if (key.Retiring is { } retiring && retiring.Until > now) json.WriteTime(OverlapUntil, retiring.Until);
    }
}
