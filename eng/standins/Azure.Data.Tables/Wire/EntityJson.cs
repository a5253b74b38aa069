#nullable enable
using System.Buffers;
using System.Globalization;
using System.Text.Json;

namespace Azure.Data.Tables.Wire;

/// <summary>
/// Entities as the service's JSON. A type that JSON lacks is a string, and an annotation beside it names the type:
/// <c>"Count@odata.type":"Edm.Int64","Count":"42"</c>.
/// </summary>
internal static class EntityJson
{
    private const string TypeSuffix = "@odata.type";

    public static byte[] Write(ITableEntity entity)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            foreach (var (name, value) in EntityProperties.Of(entity))
                if (value is not null && name is not (TableEntity.ETagName or nameof(ITableEntity.Timestamp)))
                    Write(json, name, value);
            json.WriteEndObject();
        }
        return buffer.WrittenSpan.ToArray();
    }

    public static IDictionary<string, object> Read(JsonElement entity)
    {
        var properties = new Dictionary<string, object>();
        foreach (var property in entity.EnumerateObject())
        {
            if (property.Name.EndsWith(TypeSuffix, StringComparison.Ordinal)) continue;
            var type = entity.TryGetProperty(property.Name + TypeSuffix, out var named) ? named.GetString() : null;
            if (property.Name == nameof(ITableEntity.Timestamp)) type = "Edm.DateTime";
            if (Read(property.Value, type) is { } value) properties.Add(property.Name, value);
        }
        return properties;
    }

    private static object? Read(JsonElement value, string? type) => (value.ValueKind, type) switch
    {
        (JsonValueKind.Null, _) => null,
        (JsonValueKind.True or JsonValueKind.False, _) => value.GetBoolean(),
        (JsonValueKind.Number, "Edm.Double") => value.GetDouble(),
        (JsonValueKind.Number, _) => value.TryGetInt32(out var number) ? (object)number : value.GetDouble(),
        (_, "Edm.Int64") => long.Parse(value.GetString()!, CultureInfo.InvariantCulture),
        (_, "Edm.Binary") => value.GetBytesFromBase64(),
        (_, "Edm.Guid") => value.GetGuid(),
        (_, "Edm.DateTime") => value.GetDateTimeOffset(),
        _ => value.GetString(),
    };

    private static void Write(Utf8JsonWriter json, string name, object value)
    {
        switch (value)
        {
            case string text: json.WriteString(name, text); break;
            case bool truth: json.WriteBoolean(name, truth); break;
            case int number: json.WriteNumber(name, number); break;
            case long number: Typed("Edm.Int64", number.ToString(CultureInfo.InvariantCulture)); break;
            case double number: WriteDouble(number); break;
            case byte[] bytes: Typed("Edm.Binary", Convert.ToBase64String(bytes)); break;
            case BinaryData data: Typed("Edm.Binary", Convert.ToBase64String(data)); break;
            case Guid guid: Typed("Edm.Guid", guid.ToString()); break;
            case DateTimeOffset time: Typed("Edm.DateTime", Format(time.UtcDateTime)); break;
            case DateTime time: Typed("Edm.DateTime", Format(time.ToUniversalTime())); break;
            case Enum named: json.WriteString(name, named.ToString()); break;
            default: throw new NotSupportedException($"the property {name} is a {value.GetType()}");
        }

        void Typed(string type, string text)
        {
            json.WriteString(name + TypeSuffix, type);
            json.WriteString(name, text);
        }

        // A whole number would come back as an integer.
        void WriteDouble(double number)
        {
            json.WriteString(name + TypeSuffix, "Edm.Double");
            json.WriteNumber(name, number);
        }
    }

    private static string Format(DateTime time) =>
        time.ToString("yyyy-MM-dd'T'HH:mm:ss.fffffff'Z'", CultureInfo.InvariantCulture);
}
