using System.Text.Json;
using System.Text.Json.Serialization;

namespace Limiter.Contracts.Tests.Running;

/// <summary>The fields of a check; those that are null are not sent.</summary>
internal sealed record Ask(string Method, string Path)
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    public string? Tenant { get; init; }

    public string? Key { get; init; }

    public string? Credential { get; init; }

    public string? Ip { get; init; }

    public long? Cost { get; init; }

    public long? Records { get; init; }

    public string? Id { get; init; }

    /// <summary>A read by the tenant that most tests have.</summary>
    public static Ask Read => new("GET", "/contacts") { Tenant = "acme" };

    public static Ask Write => Read with { Method = "POST" };

    public string ToJson() => JsonSerializer.Serialize(this, Options);

    /// <summary>The same as a query.</summary>
    public string ToQuery() => "?" + string.Join('&', JsonDocument.Parse(ToJson()).RootElement.EnumerateObject()
        .Select(member => $"{member.Name}={Uri.EscapeDataString(member.Value.ToString())}"));
}
