using System.Collections.Immutable;
using System.Text.Encodings.Web;
using System.Text.Json;
using Limiter.Domain;
using Limiter.Domain.Policies;
using Limiter.Domain.Tenants;

namespace Limiter.Engine.Ports;

/// <summary>
/// A tenant's changes of limits as stores keep them, UTF-8 JSON: <c>{"minute":500}</c> and
/// <c>{"minute":{"factorPpm":500000,"until":1767229200000,"reason":"scraping"}}</c>, limits in the order of their
/// names, times in Unix milliseconds.
/// </summary>
public static class TenantLimitsCodec
{
    // Nothing of it is ever shown in a page: what need not be escaped is not, and the longest reasons take least room.
    private static readonly JsonWriterOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static byte[] Encode(ImmutableDictionary<LimitId, long> overrides) =>
        EncodeObject(overrides, static (json, number) => json.WriteNumberValue(number));

    public static byte[] Encode(ImmutableDictionary<LimitId, Adjustment> adjustments) => EncodeObject(
        adjustments,
        static (json, adjustment) =>
        {
            json.WriteStartObject();
            if (adjustment.FactorPpm is { } factor) json.WriteNumber("factorPpm", factor);
            if (adjustment.Number is { } number) json.WriteNumber("number", number);
            json.WriteNumber("until", adjustment.Until.UnixMilliseconds);
            json.WriteString("reason", adjustment.Reason);
            json.WriteEndObject();
        });

    /// <exception cref="FormatException">The bytes are damaged.</exception>
    public static ImmutableDictionary<LimitId, long> DecodeOverrides(ReadOnlyMemory<byte> utf8) =>
        DecodeObject(utf8, static value => value.GetInt64());

    /// <exception cref="FormatException">The bytes are damaged.</exception>
    public static ImmutableDictionary<LimitId, Adjustment> DecodeAdjustments(ReadOnlyMemory<byte> utf8) =>
        DecodeObject(utf8, static value => new Adjustment(
            Optional(value, "factorPpm"),
            Optional(value, "number"),
            new Instant(value.GetProperty("until").GetInt64()),
            value.GetProperty("reason").GetString() ?? ""));

    private static long? Optional(JsonElement value, string name) =>
        value.TryGetProperty(name, out var number) ? number.GetInt64() : null;

    private static byte[] EncodeObject<T>(ImmutableDictionary<LimitId, T> values, Action<Utf8JsonWriter, T> write)
    {
        if (values.IsEmpty) return [.. "{}"u8];
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, Plain))
        {
            json.WriteStartObject();
            foreach (var (limit, value) in values.OrderBy(pair => pair.Key.Name, StringComparer.Ordinal))
            {
                json.WritePropertyName(limit.Name);
                write(json, value);
            }
            json.WriteEndObject();
        }
        return buffer.ToArray();
    }

    private static ImmutableDictionary<LimitId, T> DecodeObject<T>(ReadOnlyMemory<byte> utf8, Func<JsonElement, T> read)
    {
        // Most tenants changed nothing, and a directory of many is read as fast as its rows.
        if (utf8.Span.SequenceEqual("{}"u8)) return ImmutableDictionary<LimitId, T>.Empty;
        try
        {
            using var json = JsonDocument.Parse(utf8);
            var values = ImmutableDictionary.CreateBuilder<LimitId, T>();
            foreach (var property in json.RootElement.EnumerateObject())
                values[LimitOf(property.Name)] = read(property.Value);
            return values.ToImmutable();
        }
        catch (Exception exception)
            when (exception is JsonException or InvalidOperationException or KeyNotFoundException)
        {
            throw new FormatException($"a tenant's limits cannot be read: {exception.Message}", exception);
        }
    }

    private static LimitId LimitOf(string name) => LimitId.TryParse(name, out var limit)
        ? limit
        : throw new FormatException($"a tenant's limits name {name}, which no limit can be called");
}
