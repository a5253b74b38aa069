using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using Limiter.Domain.Tenants;
using DomainAdjustment = Limiter.Domain.Tenants.Adjustment;

namespace Limiter.Described.Tenants;

/// <summary>A key that is to be made.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed class PostKey
{
    /// <summary>What people call it.</summary>
    [MaxLength(KeyRecord.LabelLengthMax)]
    public required string Name { get; init; }

    /// <summary>Its public name; one is made where none is given.</summary>
    [MaxLength(KeyId.LengthMax)]
    public string Key { get; init; } = "";

    /// <summary>Shows in the secret's prefix.</summary>
    [AllowedValues("live", "test")]
    public string Kind { get; init; } = "";

    /// <summary>The hash of an existing secret, instead of minting one.</summary>
    [RegularExpression("^[0-9a-fA-F]{64}$")]
    public string Sha256 { get; init; } = "";

    /// <summary>UTC, ISO 8601.</summary>
    public DateTimeOffset ExpiresAt { get; init; }

    /// <summary>Kept with the change.</summary>
    [MaxLength(DomainAdjustment.ReasonLengthMax)]
    public string Reason { get; init; } = "";
}

/// <summary>A new secret.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed class RotateKey
{
    /// <summary>For how long the old secret works beside the new one; at most 30 days.</summary>
    [Range(0, 30 * 24 * 60 * 60)]
    public required long OverlapSeconds { get; init; }

    /// <summary>The key's end from now on; as it is by default. UTC, ISO 8601.</summary>
    public DateTimeOffset ExpiresAt { get; init; }

    /// <summary>Kept with the change.</summary>
    [MaxLength(DomainAdjustment.ReasonLengthMax)]
    public string Reason { get; init; } = "";
}
