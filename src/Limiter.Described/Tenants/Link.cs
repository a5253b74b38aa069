using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;

namespace Limiter.Described.Tenants;

/// <summary>A link that is to be made.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed class MakeLink
{
    /// <summary>Days until the link ends.</summary>
    [Range(1, 90), DefaultValue(30)]
    public int Days { get; init; }

    /// <summary>Whom it is for.</summary>
    [StringLength(64, MinimumLength = 1)]
    public string Name { get; init; } = "";
}

/// <summary>A link by which somebody reads a tenant's figures.</summary>
public sealed class Link
{
    /// <summary>The page's path with the token behind the number sign.</summary>
    [JsonPropertyName("link")]
    public required string Path { get; init; }

    /// <summary>For Authorization: Bearer.</summary>
    public required string Token { get; init; }

    /// <summary>UTC, ISO 8601.</summary>
    public required DateTimeOffset Until { get; init; }
}
