using System.Text.Json;
using System.Text.RegularExpressions;

namespace Limiter.Http.Tests.OpenApi;

/// <summary>Whether a value is what a schema of the document says, as far as the document's schemas go.</summary>
internal sealed class SchemaJudge(JsonElement document)
{
    /// <summary>What is wrong, each with its place in the value.</summary>
    /// <param name="schema">Of the document.</param>
    /// <param name="value">What was answered.</param>
    /// <param name="place">Where it stood.</param>
    public IEnumerable<string> Errors(JsonElement schema, JsonElement value, string place)
    {
        if (schema.TryGetProperty("$ref", out var reference))
            return Errors(Follow(reference.GetString()!), value, place);
        if (Choices(schema) is { } choices)
            return choices.Any(choice => !Errors(choice, value, place).Any()) ? [] : [$"{place}: {value} is none"];
        return
        [
            .. Type(schema, value, place), .. Bounds(schema, value, place), .. Members(schema, value, place),
            .. Items(schema, value, place),
        ];
    }

    public JsonElement Follow(string reference) => reference["#/".Length..].Split('/')
        .Aggregate(document, (element, step) => element.GetProperty(step));

    private static IEnumerable<JsonElement>? Choices(JsonElement schema) =>
        schema.TryGetProperty("anyOf", out var any) || schema.TryGetProperty("oneOf", out any)
            ? any.EnumerateArray()
            : null;

    private static IEnumerable<string> Type(JsonElement schema, JsonElement value, string place)
    {
        if (!schema.TryGetProperty("type", out var type)) yield break;
        var names = type.ValueKind == JsonValueKind.Array
            ? type.EnumerateArray().Select(name => name.GetString()).ToArray()
            : [type.GetString()];
        if (!names.Contains(NameOf(value)) && !(NameOf(value) == "integer" && names.Contains("number")))
            yield return $"{place}: {value} is no {string.Join(" or ", names)}";
    }

    private static IEnumerable<string> Bounds(JsonElement schema, JsonElement value, string place)
    {
        if (schema.TryGetProperty("enum", out var allowed)
            && !allowed.EnumerateArray().Any(one => JsonElement.DeepEquals(one, value)))
            yield return $"{place}: {value} is not in {allowed}";
        if (value.ValueKind == JsonValueKind.Number)
        {
            if (schema.TryGetProperty("minimum", out var least) && value.GetDecimal() < least.GetDecimal())
                yield return $"{place}: {value} is below {least}";
            if (schema.TryGetProperty("maximum", out var most) && value.GetDecimal() > most.GetDecimal())
                yield return $"{place}: {value} is above {most}";
        }
        if (value.ValueKind != JsonValueKind.String) yield break;
        var text = value.GetString()!;
        if (schema.TryGetProperty("pattern", out var pattern) && !Regex.IsMatch(text, pattern.GetString()!))
            yield return $"{place}: {text} is not {pattern}";
        if (schema.TryGetProperty("format", out var format) && !(format.GetString() switch
        {
            "date-time" => value.TryGetDateTimeOffset(out _) && text.EndsWith('Z'),
            "byte" => value.TryGetBytesFromBase64(out _),
            "date" => DateOnly.TryParse(text, out _),
            "uri" => Uri.TryCreate(text, UriKind.Absolute, out _),
            _ => false,
        })) yield return $"{place}: {text} is no {format}";
    }

    private IEnumerable<string> Members(JsonElement schema, JsonElement value, string place)
    {
        if (value.ValueKind != JsonValueKind.Object) yield break;
        var known = schema.TryGetProperty("properties", out var properties) ? properties : default;
        if (schema.TryGetProperty("required", out var required))
            foreach (var name in required.EnumerateArray())
                if (!value.TryGetProperty(name.GetString()!, out _))
                    yield return $"{place}: {name} is missing";
        foreach (var member in value.EnumerateObject())
        {
            var at = $"{place}.{member.Name}";
            if (known.ValueKind == JsonValueKind.Object && known.TryGetProperty(member.Name, out var property))
                foreach (var error in Errors(property, member.Value, at)) yield return error;
            else if (schema.TryGetProperty("additionalProperties", out var others)
                && others.ValueKind == JsonValueKind.Object)
                foreach (var error in Errors(others, member.Value, at)) yield return error;
            // An answer may grow; one that the document keeps silent about has.
            else if (known.ValueKind == JsonValueKind.Object)
                yield return $"{at}: nothing is said of it";
        }
    }

    private IEnumerable<string> Items(JsonElement schema, JsonElement value, string place) =>
        value.ValueKind == JsonValueKind.Array && schema.TryGetProperty("items", out var items)
            ? value.EnumerateArray().SelectMany((item, index) => Errors(items, item, $"{place}[{index}]"))
            : [];

    private static string NameOf(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => "object",
        JsonValueKind.Array => "array",
        JsonValueKind.String => "string",
        JsonValueKind.True or JsonValueKind.False => "boolean",
        JsonValueKind.Null => "null",
        _ => value.TryGetInt64(out _) ? "integer" : "number",
    };
}
