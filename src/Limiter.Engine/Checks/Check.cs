using System.Net;

namespace Limiter.Engine.Checks;

/// <summary>One request to decide about, as its caller describes it.</summary>
public readonly record struct Check
{
    /// <summary>Shortest reservation: 1 s.</summary>
    public const long ReserveMsMin = 1_000;

    /// <summary>
    /// Longest reservation: 9 minutes. A check can be corrected for ten, and giving back has to be tried before that.
    /// </summary>
    public const long ReserveMsMax = 9 * 60 * 1_000;

    /// <summary>An API key's secret, looked up by its hash. Not with <see cref="Tenant"/>.</summary>
    public string? Credential { get; init; }

    /// <summary>The tenant as a trusted gateway knows it.</summary>
    public string? Tenant { get; init; }

    /// <summary>The tenant's key as a trusted gateway knows it. Only with <see cref="Tenant"/>.</summary>
    public string? Key { get; init; }

    /// <summary>The client's address; needed for an anonymous caller and for limits per address.</summary>
    public IPAddress? Address { get; init; }

    public required string Method { get; init; }

    /// <summary>Path with an optional query, as the client sent it. At most 8,192 characters.</summary>
    public required string Path { get; init; }

    /// <summary>The caller's own cost; null: the rule's.</summary>
    public long? Cost { get; init; }

    /// <summary>Records in a bulk request; null when unknown.</summary>
    public long? Records { get; init; }

    /// <summary>
    /// For how long the cost is only reserved, in milliseconds: <see cref="ReserveMsMin"/> to
    /// <see cref="ReserveMsMax"/>. Then it is given back, unless it was committed. Null: it is charged for good.
    /// </summary>
    public long? ReserveMs { get; init; }

    /// <summary>Makes a repeated check count once; 1 to 128 characters. Null: every check counts.</summary>
    public string? Id { get; init; }
}
