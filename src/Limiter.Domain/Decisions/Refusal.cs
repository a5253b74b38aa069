namespace Limiter.Domain.Decisions;

/// <summary>Why a request is refused, whatever the limits have left.</summary>
public enum Refusal
{
    None,
    InvalidPath,
    CostOutOfBounds,
    TooManyRecords,
    NoIdentity,
    AddressRequired,
    KeyRequired,
    UnknownCredential,

    /// <summary>The credential has our form and a wrong checksum: something was lost on its way.</summary>
    MisspeltCredential,
    UnknownTenant,
    UnknownKey,

    /// <summary>
    /// The tenant is suspended, until <see cref="Decision.RetryAt"/>; <see cref="Instant.Never"/> for no known end.
    /// </summary>
    Suspended,

    /// <summary>The check's id was used for another request.</summary>
    IdReused,

    /// <summary>This edge holds as many reservations as it may.</summary>
    TooManyReservations,

    /// <summary>The cost is above a limit for good.</summary>
    CostAboveLimit,

    /// <summary>The bucket cannot be reached and the policy is closed; <see cref="Decision.RetryAt"/> is set.</summary>
    Unreachable,
}
