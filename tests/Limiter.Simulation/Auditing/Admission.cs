using Limiter.Domain;
using Limiter.Domain.Decisions;

namespace Limiter.Simulation.Auditing;

/// <summary>One request that was let through, as the world saw it. What it spent where is told beside it.</summary>
/// <param name="Tenant">Who is charged; null for an anonymous caller.</param>
/// <param name="Edge">
/// Which process answered: the world's number for it, 0 to 65,535, another after each restart.
/// </param>
/// <param name="Cost">Tokens of each limit; at least 0.</param>
/// <param name="Mode">Decided by the bucket, from a lease, or without either.</param>
/// <param name="At">The true time of the answer.</param>
/// <param name="RequestId">The id that the client gave the request, so that it may repeat it; 0 for none.</param>
/// <param name="CheckId">The id that the answer gave the admission: a repetition has that of the first.</param>
public readonly record struct Admission(
    TenantAccount? Tenant,
    int Edge,
    long Cost,
    DecisionMode Mode,
    Instant At,
    ulong RequestId = 0,
    ulong CheckId = 0)
{
    /// <summary>The true time of the decision, the bucket's where it was asked; not after <see cref="At"/>.</summary>
    public Instant DecidedAt { get; init; } = At;
}
