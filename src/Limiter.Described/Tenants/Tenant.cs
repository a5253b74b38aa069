using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;

namespace Limiter.Described.Tenants;

/// <summary>A tenant and its terms.</summary>
public class Tenant
{
    /// <summary>Its name.</summary>
    [JsonPropertyName("tenant")]
    public required string Name { get; init; }

    /// <summary>Its plan.</summary>
    public required string Plan { get; init; }

    /// <summary>Rises with each change.</summary>
    [AtLeast(0)]
    public required long Version { get; init; }

    /// <summary>UTC, ISO 8601.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Whether everything of it is refused; left out where it is not.</summary>
    public bool Suspended { get; init; }

    /// <summary>When the suspension ends; left out where it does not. UTC, ISO 8601.</summary>
    public DateTimeOffset Until { get; init; }

    /// <summary>Why it is suspended.</summary>
    public string Reason { get; init; } = "";

    /// <summary>Own numbers, by the name of a limit.</summary>
    public required Dictionary<string, NumberOrUnlimited> Overrides { get; init; }

    /// <summary>What changes a number for a time, by the name of a limit.</summary>
    public required Dictionary<string, Adjusted> Adjustments { get; init; }
}

/// <summary>A tenant, its terms and a page of its keys.</summary>
public sealed class TenantWithKeys : Tenant
{
    /// <summary>By name.</summary>
    public required Key[] Keys { get; init; }

    /// <summary>The 'after' of the next page; null where this is the last.</summary>
    public required string? Next { get; init; }
}

/// <summary>Tenants by name.</summary>
public sealed class TenantPage
{
    /// <summary>By name.</summary>
    public required Tenant[] Tenants { get; init; }

    /// <summary>The 'after' of the next page; null where this is the last.</summary>
    public required string? Next { get; init; }
}

/// <summary>An adjustment as it stands.</summary>
public sealed class Adjusted
{
    /// <summary>By what the number is multiplied.</summary>
    [Range(0, 1_000)]
    public decimal Factor { get; init; }

    /// <summary>The number instead.</summary>
    [AtLeast(0)]
    public long Limit { get; init; }

    /// <summary>When it ends. UTC, ISO 8601.</summary>
    public required DateTimeOffset Until { get; init; }

    /// <summary>In the operator's words.</summary>
    public required string Reason { get; init; }
}
