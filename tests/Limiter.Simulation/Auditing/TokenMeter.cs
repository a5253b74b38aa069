using Limiter.Domain;
using Limiter.Domain.Policies;

namespace Limiter.Simulation.Auditing;

/// <summary>
/// What is missing from a full token bucket, in units of 1/(100 · window) token, and the interval that left it so. A
/// mutable value; <c>default</c> is full.
/// </summary>
internal struct TokenMeter
{
    /// <summary>
    /// Units refilled in a millisecond: the stated part of the number in a window, at least one token.
    /// </summary>
    public static Int128 RateOf(LimitRule rule, long number) =>
        number == 0 ? 0 : Int128.Max(100, (Int128)number * rule.RefillPercent);

    /// <summary>Never below 0.</summary>
    public Int128 Missing { get; private set; }

    /// <summary>The time of <see cref="Missing"/>.</summary>
    public Instant At { get; private set; }

    /// <summary>Since when it has not been full.</summary>
    public Instant Since { get; private set; }

    /// <summary>Tokens admitted since then.</summary>
    public long Admitted { get; private set; }

    /// <summary>Tokens charged since then.</summary>
    public long Charged { get; private set; }

    /// <summary>By how much earlier a spending since then can have been, at most, in milliseconds.</summary>
    public long VagueMs { get; private set; }

    /// <param name="to">Not before <see cref="At"/>.</param>
    /// <param name="rate">Units in a millisecond.</param>
    public void Refill(Instant to, Int128 rate)
    {
        Missing -= rate * (to - At);
        At = to;
        if (Missing <= 0) Fill(to);
    }

    public void Fill(Instant at) => this = new TokenMeter { At = at, Since = at };

    /// <param name="tokens">Below 0 for what was taken back.</param>
    /// <param name="unitsPerToken">Units that one token is.</param>
    /// <param name="vagueMs">By how much earlier it can have been.</param>
    public void Spend(long tokens, Int128 unitsPerToken, long vagueMs)
    {
        VagueMs = Math.Max(VagueMs, vagueMs);
        Admitted += tokens;
        Missing = Int128.Max(0, Missing + (tokens * unitsPerToken));
    }

    public void Charge(long tokens, Int128 unitsPerToken)
    {
        Charged += tokens;
        Missing += tokens * unitsPerToken;
    }
}
