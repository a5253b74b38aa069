using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;

namespace Limiter.Described.Edges;

/// <summary>Who is asked for: at least one, at most 100 altogether.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed class Identities
{
    /// <summary>The edge's id, random at each start of its process.</summary>
    [RegularExpression("^[0-9a-fA-F]{16}$")]
    public required string Edge { get; init; }

    /// <summary>SHA-256 digests of secrets, 64 small hexadecimal digits each. At most 100 with the names.</summary>
    [MaxLength(100), RegularExpression("^[0-9a-f]{64}$")]
    public string[] Credentials { get; init; } = [];

    /// <summary>Tenants, or a tenant and its key as in acme/k1.</summary>
    [MaxLength(100)]
    public string[] Names { get; init; } = [];
}

/// <summary>Who they are, by what was asked for; null for what nobody has.</summary>
public sealed class IdentitiesAnswer
{
    /// <summary>For how many seconds an edge may go by it.</summary>
    [AtLeast(1)]
    public required long KeepSeconds { get; init; }

    /// <summary>By the digest.</summary>
    public required Dictionary<string, Identity?> Credentials { get; init; }

    /// <summary>By the name.</summary>
    public required Dictionary<string, Identity?> Names { get; init; }
}

/// <summary>A tenant, or one of its keys: what deciding needs of it.</summary>
[OrNull]
public sealed class Identity
{
    /// <summary>The tenant's name.</summary>
    public required string Tenant { get; init; }

    /// <summary>Its plan.</summary>
    public required string Plan { get; init; }

    /// <summary>Rises with each change of the tenant.</summary>
    public required long Version { get; init; }

    /// <summary>Own numbers, by the name of a limit; 9,223,372,036,854,775,807 stands for unlimited.</summary>
    public required Dictionary<string, long> Overrides { get; init; }

    /// <summary>What changes a number for a time, by the name of a limit.</summary>
    public required Dictionary<string, IdentityAdjustment> Adjustments { get; init; }

    /// <summary>Unix time in milliseconds; left out where the tenant is not suspended.</summary>
    public long SuspendedUntilMs { get; init; }

    /// <summary>The key's public name.</summary>
    public string Key { get; init; } = "";

    /// <summary>When the key or its secret ends, Unix time in milliseconds; left out where it does not.</summary>
    public long EndsAtMs { get; init; }
}

/// <summary>An adjustment as edges take it.</summary>
public sealed class IdentityAdjustment
{
    /// <summary>By what the number is multiplied, in millionths.</summary>
    [AtLeast(0)]
    public long FactorPpm { get; init; }

    /// <summary>The number instead.</summary>
    [AtLeast(0)]
    public long Number { get; init; }

    /// <summary>When it ends, Unix time in milliseconds.</summary>
    public required long Until { get; init; }

    /// <summary>Always empty: deciding needs none.</summary>
    public required string Reason { get; init; }
}
