using Limiter.Domain;
using Limiter.Domain.Decisions;

namespace Limiter.Processes.Tests.Logs;

/// <summary>A check as its client saw it.</summary>
/// <param name="Tenant">Who was charged.</param>
/// <param name="Edge">Which process was asked: its number, another after each start.</param>
/// <param name="Cost">Tokens of each limit.</param>
/// <param name="Fate">What became of it.</param>
/// <param name="Sent">The time before it was sent: nothing of it was decided earlier.</param>
/// <param name="Received">The time after it was answered: nothing of it was decided later.</param>
internal sealed record LoggedAnswer(
    string Tenant, int Edge, long Cost, Fate Fate, Instant Sent, Instant Received)
{
    /// <summary>How it was admitted.</summary>
    public DecisionMode Mode { get; init; }

    /// <summary>The bucket's time of the admission, as its signed id says.</summary>
    public Instant SpentAt { get; init; }

    /// <summary>By limit, when it said the window ends or all is free again.</summary>
    public IReadOnlyDictionary<string, Instant> Resets { get; init; } = new Dictionary<string, Instant>();
}
