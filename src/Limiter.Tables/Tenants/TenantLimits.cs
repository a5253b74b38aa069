using System.Collections.Immutable;
using System.Text.Encodings.Web;
using System.Text.Json;
using Limiter.Domain;
using Limiter.Domain.Policies;
using Limiter.Domain.Tenants;

namespace Limiter.Tables.Tenants;

/// <summary>
/// A tenant's changes of limits as UTF-8 JSON: <c>{"minute":500}</c> and
/// <c>{"minute":{"factorPpm":500000,"until":1767229200000,"reason":"scraping"}}</c>, times in Unix milliseconds. As
/// bytes, because a property of 64 KiB then holds 20 limits with the longest reasons, and as a string it would not.
/// </summary>
internal static class TenantLimits
{
    // Nothing of it is ever shown in a page: what need not be escaped is not.
    private static readonly JsonWriterOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static byte[] Write(ImmutableDictionary<LimitId, long> overrides) =>
        WriteObject(overrides, static (json, number) => json.WriteNumberValue(number));

    public static byte[] Write(ImmutableDictionary<LimitId, Adjustment> adjustments) => WriteObject(
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
    public static ImmutableDictionary<LimitId, long> ReadOverrides(byte[] bytes) =>
        ReadObject(bytes, static value => value.GetInt64());

    /// <exception cref="FormatException">The bytes are damaged.</exception>
    public static ImmutableDictionary<LimitId, Adjustment> ReadAdjustments(byte[] bytes) =>
        ReadObject(bytes, static value => new Adjustment(
            Optional(value, "factorPpm"),
            Optional(value, "number"),
            new Instant(value.GetProperty("until").GetInt64()),
            value.GetProperty("reason").GetString() ?? ""));

    private static long? Optional(JsonElement value, string name) =>
        value.TryGetProperty(name, out var number) ? number.GetInt64() : null;

    private static byte[] WriteObject<T>(ImmutableDictionary<LimitId, T> values, Action<Utf8JsonWriter, T> write)
    {
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

    private static ImmutableDictionary<LimitId, T> ReadObject<T>(byte[] bytes, Func<JsonElement, T> read)
    {
        try
        {
            using var json = JsonDocument.Parse(bytes);
            var values = ImmutableDictionary.CreateBuilder<LimitId, T>();
            foreach (var property in json.RootElement.EnumerateObject())
                values[LimitOf(property.Name)] = read(property.Value);
            return values.ToImmutable();
        }
        catch (Exception exception)
            when (exception is JsonException or InvalidOperationException or KeyNotFoundException)
        {
            throw new FormatException($"the limits cannot be read: {exception.Message}", exception);
        }
    }

    private static LimitId LimitOf(string name) => LimitId.TryParse(name, out var limit)
        ? limit
        : throw new FormatException($"{name} names no limit");
}
