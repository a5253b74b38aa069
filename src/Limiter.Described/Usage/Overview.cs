using System.ComponentModel.DataAnnotations;
using Limiter.Described.Traffic;

namespace Limiter.Described.Usage;

/// <summary>Who sends how much now.</summary>
public sealed class Overview
{
    /// <summary>When this was so. UTC, ISO 8601.</summary>
    public required DateTimeOffset Now { get; init; }

    /// <summary>The policy in force.</summary>
    public required PolicyVersion Policy { get; init; }

    /// <summary>Whether a store is out of reach.</summary>
    public required Degradation Degraded { get; init; }

    /// <summary>Decisions a second, over the last minute.</summary>
    public required Rates PerSecond { get; init; }

    /// <summary>Tenants that sent something in the last minute.</summary>
    [AtLeast(0)]
    public required long Active { get; init; }

    /// <summary>Tenants near a limit.</summary>
    [AtLeast(0)]
    public required long Near { get; init; }

    /// <summary>Tenants over a limit.</summary>
    [AtLeast(0)]
    public required long Over { get; init; }

    /// <summary>In the order that was asked for.</summary>
    public required Standing[] Tenants { get; init; }

    /// <summary>The 'after' of the next page; left out where this is the last.</summary>
    public string Next { get; init; } = "";
}

/// <summary>A policy.</summary>
public sealed class PolicyVersion
{
    /// <summary>As it calls itself.</summary>
    public required string Name { get; init; }

    /// <summary>Its generation.</summary>
    public required long Version { get; init; }
}

/// <summary>For how long the policy decided without the buckets.</summary>
public sealed class Degradation
{
    /// <summary>Whether it does now.</summary>
    public required bool Now { get; init; }

    /// <summary>Since the process started.</summary>
    [AtLeast(0)]
    public required long Seconds { get; init; }
}

/// <summary>Decisions a second.</summary>
public sealed class Rates
{
    /// <summary>Requests that passed.</summary>
    public required double Allowed { get; init; }

    /// <summary>Requests that a limit refused.</summary>
    public required double Denied { get; init; }

    /// <summary>Requests that were refused for another reason.</summary>
    public required double Refused { get; init; }

    /// <summary>Requests that the policy decided while a bucket could not be reached.</summary>
    public required double Degraded { get; init; }
}

/// <summary>A tenant, what it sent in the last minute, and how its limits stand.</summary>
public sealed class Standing : UsageCounts
{
    /// <summary>The tenant's name.</summary>
    public required string Tenant { get; init; }

    /// <summary>Null for a tenant that is gone.</summary>
    public required string? Plan { get; init; }

    /// <summary>Whether it is near or over a limit.</summary>
    [AllowedValues("ok", "near", "over")]
    public required string State { get; init; }

    /// <summary>The limits that were looked at.</summary>
    public required Limit[] Limits { get; init; }
}
