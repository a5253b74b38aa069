using System.Text.Json;
using Limiter.Server.Commands.Client;

namespace Limiter.Server.Commands.Checking;

/// <summary>Where a limit's number comes from, in words.</summary>
internal static class NumberSourceText
{
    /// <param name="source">The member of an explanation.</param>
    public static string Of(JsonElement source)
    {
        var stated = source.Text("from") switch
        {
            "percentage" => $"a share of {source.Text("of")} ({Of(source.Find("base"))})",
            "missing" => "nowhere: an override is missing",
            var origin => $"{origin} {source.Text("number")}",
        };
        var adjustment = source.Find("adjustment");
        if (adjustment.ValueKind != JsonValueKind.Object) return stated;
        var change = adjustment.Text("factor") is { Length: > 0 } factor
            ? $"times {factor} = {adjustment.Text("number")}"
            : $"adjusted to {adjustment.Text("number")}";
        return $"{stated}, {change} until {adjustment.Text("until")} ({adjustment.Text("reason")})";
    }
}
