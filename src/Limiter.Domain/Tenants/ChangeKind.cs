namespace Limiter.Domain.Tenants;

/// <summary>What was changed of a tenant. The numbers are stored: never renumber.</summary>
public enum ChangeKind
{
    Created = 1,
    Plan = 2,

    /// <summary>One limit's override, or all of them.</summary>
    Override = 3,
    Adjustment = 4,
    Suspension = 5,

    /// <summary>Several of plan, overrides and suspension at once.</summary>
    Terms = 6,
    KeyMinted = 7,
    KeyImported = 8,
    KeyRotated = 9,
    KeyRevoked = 10,
    Removed = 11,

    /// <summary>The tenant's own alert rule was made or changed.</summary>
    AlertsSet = 12,
    AlertsRemoved = 13,

    /// <summary>A link was made by which somebody reads the tenant's figures.</summary>
    LinkMade = 14,
}
