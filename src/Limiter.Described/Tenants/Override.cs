using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using DomainAdjustment = Limiter.Domain.Tenants.Adjustment;
using Schedule = Limiter.Domain.Policies.Schedule;

namespace Limiter.Described.Tenants;

/// <summary>A customer's own number.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed class Override
{
    /// <summary>The number.</summary>
    public required NumberOrUnlimited Limit { get; init; }

    /// <summary>Kept with the change.</summary>
    [MaxLength(DomainAdjustment.ReasonLengthMax)]
    public string Reason { get; init; } = "";
}

/// <summary>A factor or a number, until a time.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed class Adjustment
{
    /// <summary>By what the number is multiplied, with at most 6 decimals; or the limit.</summary>
    [Range(0, 1_000)]
    public decimal Factor { get; init; }

    /// <summary>The number instead; or the factor.</summary>
    [Range(0, (int)Schedule.NumberMax)]
    public long Limit { get; init; }

    /// <summary>At most 366 days ahead. UTC, ISO 8601.</summary>
    public required DateTimeOffset Until { get; init; }

    /// <summary>Kept with the change.</summary>
    [MaxLength(DomainAdjustment.ReasonLengthMax)]
    public required string Reason { get; init; }
}
