using System.ComponentModel.DataAnnotations;
using Limiter.Domain.Policies;

namespace Limiter.Described.Traffic;

/// <summary>What every question about a request tells of it.</summary>
public abstract class Asked
{
    /// <summary>An API key as its client presents it; looked up.</summary>
    [MaxLength(512)]
    public string Credential { get; init; } = "";

    /// <summary>The tenant, as the trusted gateway knows it; instead of a credential.</summary>
    [MaxLength(512)]
    public string Tenant { get; init; } = "";

    /// <summary>The tenant's key, by its public name; together with the tenant.</summary>
    [MaxLength(512)]
    public string Key { get; init; } = "";

    /// <summary>The client's address; required where a policy counts by address.</summary>
    [MaxLength(512)]
    public string Ip { get; init; } = "";

    /// <summary>Overrides the route's cost, within the policy's bounds.</summary>
    [Range(1, (int)CostBounds.Greatest)]
    public long Cost { get; init; }

    /// <summary>Records of a bulk request, for its cap.</summary>
    [AtLeast(0)]
    public long Records { get; init; }
}
