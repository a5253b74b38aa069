using System.ComponentModel.DataAnnotations;
using Limiter.Domain.Policies;
using Limiter.Domain.Tenants;

namespace Limiter.Described;

/// <summary>What stands in braces in a path.</summary>
public sealed class PathValues
{
    /// <summary>The tenant's name.</summary>
    [MaxLength(TenantId.LengthMax)]
    public required string Tenant { get; init; }

    /// <summary>The key's public name.</summary>
    [MaxLength(KeyId.LengthMax)]
    public required string Key { get; init; }

    /// <summary>The limit's name in the policy.</summary>
    [MaxLength(LimitId.LengthMax)]
    public required string Limit { get; init; }

    /// <summary>May hold slashes, and may be empty.</summary>
    public required string Path { get; init; }
}
