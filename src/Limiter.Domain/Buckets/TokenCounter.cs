using Limiter.Domain.Escrow;
using Limiter.Domain.Policies;

namespace Limiter.Domain.Buckets;

/// <summary>
/// At most capacity + rate × T in any interval T.
/// </summary>
/// <remarks>
/// The level counts known spending only, at the time when it happened; outstanding tokens are subtracted when a grant
/// is decided. The two together are the level after the grant with refill capped at capacity − outstanding. A lease
/// that has expired unreported counts as spent at its expiry, and only for the decision at hand: when its report comes
/// after all, the level's history holds what really happened.
/// </remarks>
internal sealed class TokenCounter : LimitCounter
{
    private TokenLevel _level;

    public TokenCounter(LimitRule rule, Instant now)
        : base(rule) => _level = new TokenLevel(now);

    private TokenCounter(TokenCounter other)
        : base(other.Rule) => _level = other._level;

    public override bool IsAtRest => _level.Missing == 0;

    public override LimitCounter Clone() => new TokenCounter(this) { Since = Since };

    public override void Advance(Instant now, Schedule schedule) => _level.Advance(Rule, now, schedule);

    public override long Free(Instant now, Schedule schedule, ReadOnlySpan<Outstanding> outstanding)
    {
        var number = schedule.At(now);
        if (number == Schedule.Unlimited) return Plenty;
        var (settled, open) = Presumed(now, schedule, outstanding);
        return number - Ceiling.Divide(settled.Missing, Rule.WindowMs) - open;
    }

    /// <summary>
    /// Counts tokens of leases that have expired as spent at their expiry for good, if the bucket is full all the same.
    /// The level remembers one interval of overflow, so that after the next spending they would be missing again.
    /// </summary>
    /// <returns>True when it was full: whatever may still be heard of them changes nothing.</returns>
    public bool TryFold(Instant now, Schedule schedule, ReadOnlySpan<Outstanding> expired)
    {
        if (schedule.At(now) == Schedule.Unlimited) return false;
        var (settled, _) = Presumed(now, schedule, expired);
        if (settled.Missing > 0) return false;
        _level = settled;
        return true;
    }

    // Outstanding tokens are subtracted from the bucket's list of leases.
    public override void Grant(long tokens)
    {
    }

    public override void Spend(long tokens, Instant at, Instant now) => _level.Spend(Rule, tokens, at, now);

    /// <summary>
    /// When to book spendings that went on: their edge put them together as the rate that it knew could not have filled
    /// the bucket in between, and a later one may have.
    /// </summary>
    /// <param name="from">The first.</param>
    /// <param name="until">The last.</param>
    /// <param name="knownAt">When the edge was told of a rate.</param>
    public Instant TimeOf(Instant from, Instant until, Instant knownAt) => knownAt < _level.RatedFrom ? until : from;

    /// <summary>Of what was spent at a time some was spent later, at the last until another.</summary>
    public void GoOn(Instant from, Instant until) => _level.GoOn(from, until);

    public override void Return(long tokens, Instant chargedAt, long number)
    {
    }

    public override void Charge(long tokens, Instant at, Instant now, Schedule schedule) => Spend(tokens, at, now);

    public override void Refund(long tokens, Instant spentAt, long number) => _level.Refund(Rule, tokens, spentAt);

    public override Instant FreeAt(
        long tokens, Instant from, Schedule schedule, ReadOnlySpan<Outstanding> outstanding)
    {
        // Open leases may be spent at their very end, when the refill since now has long overflowed.
        var last = from;
        foreach (var item in outstanding) last = Instant.Max(last, item.Expiry);
        var time = from;
        while (true)
        {
            var (level, open) = Presumed(time, schedule, outstanding);
            var step = schedule.StepAt(time);
            var found = FreeIn(level, tokens, open, time, last, step);
            if (found < step.Until || step.Until == Instant.Never) return found;
            time = step.Until;
        }
    }

    public override LimitOutlook Outlook(Instant now, Schedule schedule, ReadOnlySpan<Outstanding> elsewhere)
    {
        var number = schedule.At(now);
        if (number == Schedule.Unlimited)
            return new LimitOutlook { Number = number, Free = Plenty, FreeAt = now, Releases = [] };
        var (settled, open) = Presumed(now, schedule, elsewhere);
        var max = (number - open) * Rule.WindowMs;
        return new LimitOutlook
        {
            Number = number,
            Free = max - settled.Missing,
            FreeAt = now,
            Releases = [],
            LevelMax = max,
        };
    }

    public override long Used(Instant now) => Ceiling.Divide(_level.Missing, Rule.WindowMs);

    public override void Write(ref StateWriter writer) => _level.Write(ref writer);

    public override void Read(ref StateReader reader) => _level.Read(ref reader);

    // The level as it will be taken at a time that is not before the counter's own: leases that have expired by then
    // count as spent at their expiry, the rest is open. Never changes this counter.
    private (TokenLevel Level, long Open) Presumed(
        Instant time, Schedule schedule, ReadOnlySpan<Outstanding> outstanding)
    {
        var level = _level;
        var open = 0L;
        if (time > level.At) level.Advance(Rule, time, schedule);
        foreach (var item in outstanding)
        {
            if (item.Expiry > time) open += item.Tokens;
            else level.Spend(Rule, item.Tokens, item.Expiry, time);
        }
        return (level, open);
    }

    // Within one step: when the level carries the tokens and all that is open, whether it was spent now or at the last.
    private Instant FreeIn(
        in TokenLevel level, long tokens, long open, Instant time, Instant last, Schedule.Step step)
    {
        if (step.Number == Schedule.Unlimited) return time;
        if (tokens > step.Number) return step.Until;
        var rate = TokenLevel.RateOf(Rule, step.Number);
        var excess = ((tokens + open - step.Number) * Rule.WindowMs) + level.Missing;
        var found = excess <= 0 ? time : level.At + Ceiling.Divide(excess, rate);
        var overflowing = tokens + open - step.Number;
        if (overflowing > 0) found = Instant.Max(found, last + Ceiling.Divide(overflowing * Rule.WindowMs, rate));
        return Instant.Max(time, found);
    }
}
