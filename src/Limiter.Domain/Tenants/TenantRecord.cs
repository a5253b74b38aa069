using System.Collections.Immutable;
using Limiter.Domain.Policies;

namespace Limiter.Domain.Tenants;

/// <summary>
/// A tenant as the directory keeps it. Immutable: every change saves a new record with a higher version.
/// </summary>
/// <param name="Id">The tenant's name.</param>
/// <param name="Plan">Name of the plan that it bought.</param>
/// <param name="Version">
/// Given by the directory when it saves: rises with every change of any tenant, so a tenant that was removed and
/// registered again has a higher version than before. 0 in a record that was not saved yet.
/// </param>
/// <param name="CreatedAt">When it was registered.</param>
/// <param name="Overrides">The customer's own number for a limit, until changed.</param>
/// <param name="Adjustments">Temporary changes of a limit; an ended one has no effect.</param>
public sealed record TenantRecord(
    TenantId Id,
    string Plan,
    long Version,
    Instant CreatedAt,
    ImmutableDictionary<LimitId, long> Overrides,
    ImmutableDictionary<LimitId, Adjustment> Adjustments)
{
    /// <summary>Null for a tenant that is not suspended; an ended one has no effect.</summary>
    public Suspension? Suspension { get; init; }

    /// <summary>Until when the tenant is suspended; the least of all times when it is not.</summary>
    public Instant SuspendedUntil => Suspension?.Until ?? Instant.MinValue;
}
