using System.Text.Json;

namespace Limiter.Server.Commands.Client;

/// <summary>Members of an answer, as a table shows them. What is missing is empty: an older server says less.</summary>
internal static class Members
{
    /// <summary>A text as it is, a number or a word as written; empty when there is none.</summary>
    public static string Text(this JsonElement json, string name) => json.Find(name) switch
    {
        { ValueKind: JsonValueKind.String } text => text.GetString()!,
        { ValueKind: JsonValueKind.Null or JsonValueKind.Undefined } => "",
        var other => other.GetRawText(),
    };

    /// <summary>A whole number; 0 when there is none.</summary>
    public static long Number(this JsonElement json, string name) =>
        json.Find(name) is { ValueKind: JsonValueKind.Number } number && number.TryGetInt64(out var value) ? value : 0;

    public static bool IsTrue(this JsonElement json, string name) => json.Find(name).ValueKind == JsonValueKind.True;

    /// <summary>The elements of a list; none when there is none.</summary>
    public static IEnumerable<JsonElement> Items(this JsonElement json, string name) =>
        json.Find(name) is { ValueKind: JsonValueKind.Array } list ? list.EnumerateArray() : [];

    /// <summary>The members of an object; none when there is none.</summary>
    public static IEnumerable<JsonProperty> Entries(this JsonElement json, string name) =>
        json.Find(name) is { ValueKind: JsonValueKind.Object } map ? map.EnumerateObject() : [];

    /// <summary><c>Undefined</c> when there is none.</summary>
    public static JsonElement Find(this JsonElement json, string name) =>
        json.ValueKind == JsonValueKind.Object && json.TryGetProperty(name, out var value) ? value : default;
}
