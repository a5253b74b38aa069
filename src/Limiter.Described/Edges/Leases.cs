using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;

namespace Limiter.Described.Edges;

/// <summary>One request each to some buckets: at least one, at most 256 altogether.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed class Leases
{
    /// <summary>The edge's id, random at each start of its process.</summary>
    [RegularExpression("^[0-9a-fA-F]{16}$")]
    public required string Edge { get; init; }

    /// <summary>By bucket, as in t:acme: or k:acme:k1, an encoded reserve.</summary>
    [MaxLength(256)]
    public Dictionary<string, byte[]> Reserves { get; init; } = [];

    /// <summary>By bucket an encoded correction.</summary>
    [MaxLength(256)]
    public Dictionary<string, byte[]> Charges { get; init; } = [];
}

/// <summary>What came of a call's requests.</summary>
public sealed class LeasesAnswer
{
    /// <summary>The generation of the policy in force.</summary>
    public required long Policy { get; init; }

    /// <summary>By bucket.</summary>
    public required Dictionary<string, ReserveAnswer> Reserves { get; init; }

    /// <summary>By bucket.</summary>
    public required Dictionary<string, ChargeAnswer> Charges { get; init; }
}

/// <summary>A bucket's reply, or why there is none.</summary>
public sealed class ReserveAnswer
{
    /// <summary>The encoded reply.</summary>
    public byte[] Reply { get; init; } = [];

    /// <summary>Why there is no reply.</summary>
    [AllowedValues("invalid_request", "unknown_bucket", "policy_behind", "damaged", "unreachable")]
    public string Code { get; init; } = "";
}

/// <summary>What came of a correction, or why nothing did.</summary>
public sealed class ChargeAnswer
{
    /// <summary>What came of it.</summary>
    [AllowedValues("applied", "repeated", "conflict", "expired", "full")]
    public string Outcome { get; init; } = "";

    /// <summary>Why there is no outcome.</summary>
    [AllowedValues("invalid_request", "unknown_bucket", "policy_behind", "damaged", "unreachable")]
    public string Code { get; init; } = "";
}
