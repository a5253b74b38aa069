using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;

namespace Limiter.Described.Tenants;

/// <summary>A key: never its secret, nor the hash.</summary>
public class Key
{
    /// <summary>Its public name.</summary>
    [JsonPropertyName("key")]
    public required string Id { get; init; }

    /// <summary>What people call it.</summary>
    public required string Name { get; init; }

    /// <summary>How it came to be.</summary>
    [AllowedValues("live", "test", "imported")]
    public required string Kind { get; init; }

    /// <summary>UTC, ISO 8601.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Left out where it does not end. UTC, ISO 8601.</summary>
    public DateTimeOffset ExpiresAt { get; init; }

    /// <summary>Until when the secret before works too. UTC, ISO 8601.</summary>
    public DateTimeOffset OverlapUntil { get; init; }

    /// <summary>The day; left out where it was not used yet.</summary>
    public DateOnly LastUsed { get; init; }
}

/// <summary>A key, and its secret if one was minted.</summary>
public sealed class MintedKey : Key
{
    /// <summary>Shown only here; left out where the key is known by its hash.</summary>
    public string Secret { get; init; } = "";
}

/// <summary>Keys by name.</summary>
public sealed class KeyPage
{
    /// <summary>By name.</summary>
    public required Key[] Keys { get; init; }

    /// <summary>The 'after' of the next page; null where this is the last.</summary>
    public required string? Next { get; init; }
}
