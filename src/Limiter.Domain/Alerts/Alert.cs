using System.Collections.Immutable;
using Limiter.Domain.Tenants;

namespace Limiter.Domain.Alerts;

/// <summary>One alert with its way so far, as the outbox keeps it.</summary>
/// <param name="Tenant">Whom it concerns.</param>
/// <param name="Id">The same whoever found the cause: see <see cref="AlertId"/>.</param>
/// <param name="Kind">What it tells.</param>
/// <param name="At">When it was raised.</param>
/// <param name="Body">
/// What is sent, UTF-8 JSON, the same at each attempt; 1 to <see cref="BodyBytesMax"/> bytes.
/// </param>
public sealed record Alert(TenantId Tenant, string Id, AlertKind Kind, Instant At, ImmutableArray<byte> Body)
{
    public const int BodyBytesMax = 16 * 1024;

    /// <summary>Longest error that is kept, in characters.</summary>
    public const int ErrorLengthMax = 200;

    /// <summary>
    /// How long alerts are kept, in milliseconds (40 days): longer than every window, so that none is told twice.
    /// </summary>
    public const long KeptMs = 40L * 24 * 60 * 60 * 1000;

    /// <summary>The limit's name; null of a summary and a test.</summary>
    public string? Limit { get; init; }

    /// <summary>Percent; of <see cref="AlertKind.Threshold"/> only.</summary>
    public int? Threshold { get; init; }

    /// <summary>The key whose limit it is; null for one of the tenant.</summary>
    public string? Key { get; init; }

    public AlertState State { get; init; }

    /// <summary>Attempts that began.</summary>
    public int Attempts { get; init; }

    /// <summary>When the next attempt may begin; null once it is not waiting.</summary>
    public Instant? DueAt { get; init; } = At;

    /// <summary>Why the last attempt failed; null when none did.</summary>
    public string? Error { get; init; }
}
