using Limiter.Server.Commands.Terminal;

namespace Limiter.Server.Commands.Negotiating;

/// <summary>What <c>terms clear</c> took away, for a program.</summary>
internal static class ClearedLine
{
    public static string Of(string tenant, string limit, IEnumerable<string> cleared) => JsonLine.Of(json =>
    {
        json.WriteString("tenant", tenant);
        json.WriteString("limit", limit);
        json.WriteStartArray("cleared");
        foreach (var name in cleared) json.WriteStringValue(name);
        json.WriteEndArray();
    });
}
