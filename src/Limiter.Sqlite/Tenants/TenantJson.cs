using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using Limiter.Domain;
using Limiter.Domain.Policies;
using Limiter.Domain.Tenants;

namespace Limiter.Sqlite.Tenants;

/// <summary>
/// A tenant's changes of limits as its row holds them: <c>{"minute":500}</c> and
/// <c>{"minute":{"factorPpm":500000,"until":1767229200000,"reason":"scraping"}}</c>, times in Unix milliseconds.
/// </summary>
internal static class TenantJson
{
    public static string Write(ImmutableDictionary<LimitId, long> overrides) => WriteObject(overrides, (json, number) =>
        json.WriteNumberValue(number));

    public static string Write(ImmutableDictionary<LimitId, Adjustment> adjustments) => WriteObject(
        adjustments,
        (json, adjustment) =>
        {
            json.WriteStartObject();
            if (adjustment.FactorPpm is { } factor) json.WriteNumber("factorPpm", factor);
            if (adjustment.Number is { } number) json.WriteNumber("number", number);
            json.WriteNumber("until", adjustment.Until.UnixMilliseconds);
            json.WriteString("reason", adjustment.Reason);
            json.WriteEndObject();
        });

    /// <exception cref="FormatException">The text is damaged.</exception>
    public static ImmutableDictionary<LimitId, long> ReadOverrides(string text) =>
        ReadObject(text, value => value.GetInt64());

    /// <exception cref="FormatException">The text is damaged.</exception>
    public static ImmutableDictionary<LimitId, Adjustment> ReadAdjustments(string text) =>
        ReadObject(text, value => new Adjustment(
            Optional(value, "factorPpm"),
            Optional(value, "number"),
            new Instant(value.GetProperty("until").GetInt64()),
            value.GetProperty("reason").GetString() ?? ""));

    private static long? Optional(JsonElement value, string name) =>
        value.TryGetProperty(name, out var number) ? number.GetInt64() : null;

    private static string WriteObject<T>(ImmutableDictionary<LimitId, T> values, Action<Utf8JsonWriter, T> write)
    {
        if (values.IsEmpty) return "{}";
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            foreach (var (limit, value) in values.OrderBy(pair => pair.Key.Name, StringComparer.Ordinal))
            {
                json.WritePropertyName(limit.Name);
                write(json, value);
            }
            json.WriteEndObject();
        }
        return Encoding.UTF8.GetString(buffer.GetBuffer(), 0, (int)buffer.Length);
    }

    private static ImmutableDictionary<LimitId, T> ReadObject<T>(string text, Func<JsonElement, T> read)
    {
        if (text == "{}") return ImmutableDictionary<LimitId, T>.Empty;
        try
        {
            using var json = JsonDocument.Parse(text);
            var values = ImmutableDictionary.CreateBuilder<LimitId, T>();
            foreach (var property in json.RootElement.EnumerateObject())
            {
                if (!LimitId.TryParse(property.Name, out var limit))
                    throw new FormatException($"a tenant's row names the limit {property.Name}");
                values[limit] = read(property.Value);
            }
            return values.ToImmutable();
        }
        catch (Exception exception)
            when (exception is JsonException or InvalidOperationException or KeyNotFoundException)
        {
            throw new FormatException($"a tenant's row cannot be read: {exception.Message}", exception);
        }
    }
}
