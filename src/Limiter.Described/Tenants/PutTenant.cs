using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using DomainAdjustment = Limiter.Domain.Tenants.Adjustment;

namespace Limiter.Described.Tenants;

/// <summary>A tenant's terms. What is left out stays as it is; a new tenant needs its plan.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed class PutTenant
{
    /// <summary>A plan of the policy. Required unless there is word of a suspension.</summary>
    [MaxLength(64)]
    public string Plan { get; init; } = "";

    /// <summary>All own numbers, by the name of a limit.</summary>
    public Dictionary<string, NumberOrUnlimited> Overrides { get; init; } = [];

    /// <summary>Whether everything of the tenant is refused.</summary>
    public bool Suspended { get; init; }

    /// <summary>When the suspension ends, at most 366 days ahead; it does not by default. UTC, ISO 8601.</summary>
    public DateTimeOffset Until { get; init; }

    /// <summary>Kept with the change; required for a suspension.</summary>
    [MaxLength(DomainAdjustment.ReasonLengthMax)]
    public string Reason { get; init; } = "";
}
