namespace Limiter.Domain.Tenants;

/// <summary>Who changed what of a tenant, and when: kept with the change, and beyond the tenant's removal.</summary>
/// <param name="Tenant">Whose.</param>
/// <param name="What">The kind of change.</param>
/// <param name="Subject">The limit or the key; empty for the tenant itself.</param>
/// <param name="At">When.</param>
/// <param name="By">Whose authority it was: <c>admin</c> for the admin key, <c>server</c> for the process.</param>
/// <param name="Actor">Who used that, in their own words; empty when unsaid. Nobody checked it.</param>
public sealed record ChangeRecord(
    TenantId Tenant, ChangeKind What, string Subject, Instant At, string By, string Actor)
{
    /// <summary>Most changes of a tenant that are kept: the newest.</summary>
    public const int KeptMax = 1_000;

    /// <summary>Longest time that a change is kept.</summary>
    public const long KeptMs = 400L * 24 * 60 * 60 * 1000;

    public const int ActorLengthMax = 100;

    /// <summary>
    /// Given by the directory: rises with a tenant's changes, across removals too. 0 before it is stored.
    /// </summary>
    public long Number { get; init; }

    /// <summary>The old value as JSON; null when there was none.</summary>
    public string? Before { get; init; }

    /// <summary>The new value as JSON; null when there is none.</summary>
    public string? After { get; init; }

    /// <summary>Why, in the operator's words; at most <see cref="Adjustment.ReasonLengthMax"/> characters.</summary>
    public string? Reason { get; init; }
}
