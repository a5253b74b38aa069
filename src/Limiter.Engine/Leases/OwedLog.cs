using System.Collections.Immutable;
using Limiter.Domain;
using Limiter.Domain.Escrow;
using Limiter.Domain.Policies;

namespace Limiter.Engine.Leases;

/// <summary>What an edge admitted of one limit without a grant and has yet to tell the bucket, and when.</summary>
internal sealed class OwedLog
{
    // Of what is not counted by slots: well below the windows in use, and many seconds fit before steps are doubled.
    private const long StepMs = 1_000;

    private SpendLog _log;
    private long _stepMs;

    public long Tokens => _log.Total;

    /// <param name="rule">The limit's rule.</param>
    /// <param name="tokens">At least 0.</param>
    /// <param name="at">
    /// The latest that it can be by the bucket's time; <see cref="Instant.Never"/> where that is not known.
    /// </param>
    public void Add(LimitRule rule, long tokens, Instant at)
    {
        // The rule may become another before all is told; the log goes on in its steps.
        if (Tokens == 0) _stepMs = rule.Algorithm == Algorithm.SlidingWindow ? rule.SlotMs : StepMs;
        _log.Add(at, tokens, _stepMs);
    }

    /// <summary>Forgets the first tokens: they were told, and the bucket's answer has been received.</summary>
    public void Drop(long tokens) => _log.Drop(tokens);

    /// <summary>Forgets all but the first tokens.</summary>
    public void KeepFirst(long tokens) => _log.KeepFirst(tokens);

    public ImmutableArray<Spend> ToReport() => _log.ToReport();
}
