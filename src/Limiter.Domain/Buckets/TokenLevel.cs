using Limiter.Domain.Policies;

namespace Limiter.Domain.Buckets;

/// <summary>
/// The level of a token bucket by known spending, kept as what is missing from a full one, in units of 1/window token:
/// refill is exact in integers, and a changed capacity keeps what was used. A mutable value.
/// </summary>
/// <remarks>
/// Spending that becomes known late is put into its place in history: the refill that overflowed since then would not
/// have, so it pays for those tokens first. One interval of overflow is remembered, the last; forgetting an earlier one
/// errs against admission.
/// </remarks>
internal struct TokenLevel(Instant now)
{
    private Instant _fullFrom = now;
    private Instant _fullTo = now;

    // Units that overflowed in the millisecond that ended at _fullFrom: spending before it may use them.
    private long _lead;
    private long _number = Schedule.Unlimited;

    private WaterMarks _marks;

    /// <summary>Who was told of a rate before knows another one than the present.</summary>
    public Instant RatedFrom { get; private set; } = now;

    /// <summary>Units missing; 0 when full.</summary>
    public long Missing { get; private set; }

    /// <summary>The time of <see cref="Missing"/>.</summary>
    public Instant At { get; private set; } = now;

    /// <summary>Tokens refilled in one window: the same number of units in a millisecond.</summary>
    public static long RateOf(LimitRule rule, long number) =>
        number == 0 ? 0 : Math.Max(1, number * rule.RefillPercent / 100);

    /// <summary>Refills up to a time.</summary>
    public void Advance(LimitRule rule, Instant now, Schedule schedule)
    {
        foreach (var step in schedule.Steps)
        {
            if (step.Until <= At) continue;
            var to = Instant.Min(now, step.Until);
            Refill(rule, to, step.Number);
            if (to == now) return;
        }
    }

    /// <summary>Books spending at a time; one after <paramref name="now"/> is still to come.</summary>
    public void Spend(LimitRule rule, long tokens, Instant at, Instant now)
    {
        if (_number == Schedule.Unlimited) return;
        var units = tokens * rule.WindowMs;
        var rate = RateOf(rule, _number);
        if (at > now)
        {
            // Refill until then cannot pay for it: as much has to be missing as if there had been none.
            Missing = Math.Max(Missing, rate * (at - now)) + units;
            _marks = _marks.With(at, 0);
            return;
        }
        var before = MissingAt(at, rate);
        if (at < _fullFrom)
        {
            var led = Math.Min(_lead, units);
            _lead -= led;
            units -= led;
        }
        else
        {
            _fullFrom = Instant.Min(at, _fullTo);
            _lead = 0;
        }
        var since = _fullFrom;
        var overflow = rate > 0 ? Saturated(_fullTo - _fullFrom, rate, units) : 0;
        var took = overflow == 0 ? 0 : Ceiling.Divide(overflow, rate);
        _fullFrom += took;
        if (took > 0) _lead = (took * rate) - overflow;
        Missing += units - overflow;
        _marks = _marks.Moved(at, units - overflow).With(at, before);
        // It took all: the bucket has not been full since, so a refund of what was spent from then on is due.
        if (overflow < units) (_fullFrom, _fullTo) = (since, since);
    }

    /// <summary>Spending that was booked at a time was made up to another: which of it was when is not known.</summary>
    public void GoOn(Instant from, Instant until)
    {
        // A refund may name the very last time.
        if (_marks.LeastAfter(from + -1) is { } least) _marks = _marks.Within(from, until + 1, least);
    }

    /// <summary>
    /// Takes spending back. Without it the bucket would have been full when least was missing since; what was refilled
    /// from then on would have spilled, and has replaced it already.
    /// </summary>
    public void Refund(LimitRule rule, long tokens, Instant spentAt)
    {
        var least = Math.Min(Missing, _marks.LeastAfter(spentAt) ?? Missing);
        var units = Math.Min(least, tokens * rule.WindowMs);
        Missing -= units;
        _marks = _marks.Moved(spentAt, -units);
    }

    public readonly void Write(ref StateWriter writer)
    {
        writer.Write(Missing);
        writer.Write(At.UnixMilliseconds);
        writer.Write(At - _fullTo);
        writer.Write(_fullTo - _fullFrom);
        writer.Write(_lead);
        writer.WriteNumber(_number);
        _marks.Write(ref writer, At);
        writer.WriteSigned(At - RatedFrom);
    }

    public void Read(ref StateReader reader)
    {
        Missing = reader.Read();
        At = new Instant(reader.Read());
        _fullTo = At + -reader.Read();
        _fullFrom = _fullTo + -reader.Read();
        _lead = reader.Read();
        _number = reader.ReadNumber();
        // Older formats do not tell: of what was spent before, nothing is taken back.
        _marks = reader.Format < 3 ? _marks.With(At + 1, 0) : WaterMarks.Read(ref reader, At);
        RatedFrom = reader.Format < 3 ? At + 1 : At + -reader.ReadSigned();
    }

    private static long Saturated(long elapsedMs, long rate, long cap) =>
        elapsedMs >= Ceiling.Divide(cap, rate) ? cap : elapsedMs * rate;

    // At least so much was missing before what was spent at a time, at the present rate. Where nobody spent since, it
    // has only been refilled.
    private readonly long MissingAt(Instant at, long rate) =>
        _marks.LeastAfter(at + -1) ?? (Missing == 0 ? 0 : Missing + (rate * (At - at)));

    private void Refill(LimitRule rule, Instant to, long number)
    {
        if (number != _number)
        {
            // Overflow at another rate is not remembered; that it was full is.
            _fullFrom = _fullTo;
            _lead = 0;
            // Something at the same time may have been told of the former; a new one had none.
            if (_number != Schedule.Unlimited || RatedFrom < At) RatedFrom = At + 1;
            _number = number;
            if (Missing > 0) _marks = _marks.With(At, Missing);
            if (number == Schedule.Unlimited) Missing = 0;
        }
        if (to <= At) return;
        var rate = number == Schedule.Unlimited ? 0 : RateOf(rule, number);
        if (Missing == 0)
        {
            if (_fullTo < At) (_fullFrom, _lead) = (At, 0);
            _fullTo = to;
        }
        else if (rate > 0 && to - At >= Ceiling.Divide(Missing, rate))
        {
            var filling = Ceiling.Divide(Missing, rate);
            _lead = (filling * rate) - Missing;
            _fullFrom = At + filling;
            _fullTo = to;
            Missing = 0;
        }
        else
        {
            Missing -= (to - At) * rate;
        }
        At = to;
    }
}
