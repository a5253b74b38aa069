using System.Collections.Immutable;

namespace Limiter.Domain.Policies;

/// <summary>How a policy's decisions look to the API's own client.</summary>
/// <param name="Described">
/// The limit that <c>X-RateLimit-*</c> describe; null: the binding one, with least left.
/// </param>
/// <param name="Reset">How <c>X-RateLimit-Reset</c> is written.</param>
/// <param name="RemainingWhenDenied">What <c>X-RateLimit-Remaining</c> says on a 429.</param>
/// <param name="IetfFields">Whether <c>RateLimit</c> and <c>RateLimit-Policy</c> are sent besides.</param>
/// <param name="Denied">The body of a 429; null: problem details as in RFC 9457.</param>
/// <param name="DeniedBy">Other bodies, by the index of the limit that refuses longest.</param>
public sealed record ResponseContract(
    LimitDefinition? Described,
    ResetFormat Reset,
    RemainingWhenDenied RemainingWhenDenied,
    bool IetfFields,
    BodyTemplate? Denied,
    ImmutableDictionary<int, BodyTemplate> DeniedBy);

public enum ResetFormat
{
    /// <summary>Seconds since 1970-01-01T00:00:00Z.</summary>
    UnixSeconds,

    /// <summary>An IMF-fixdate as in RFC 9110, section 5.6.7.</summary>
    HttpDate,
}

public enum RemainingWhenDenied
{
    /// <summary>What the described limit has left.</summary>
    Actual,

    /// <summary>0, whichever limit refused.</summary>
    Zero,
}
