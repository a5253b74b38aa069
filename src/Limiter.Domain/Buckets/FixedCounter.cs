using Limiter.Domain.Escrow;
using Limiter.Domain.Policies;

namespace Limiter.Domain.Buckets;

/// <summary>
/// At most N in each window, UTC calendar periods included. Outstanding tokens are charged to the window of their
/// grant, which no lease outlives; unspent ones go back to that window, the one before included.
/// </summary>
internal sealed partial class FixedCounter : LimitCounter
{
    private Window _window;
    private long _used;

    // What the next window will start with, and what this one started with on account of the one before.
    private long _debt;
    private long _carried;

    // What the window and the one before began with: debt of earlier windows, which those have charged.
    private long _opening;
    private long _previousOpening;

    // Taken back in this window by corrected costs; their tokens may still be outstanding in a lease.
    private long _refunded;
    private long _previousUsed;
    private Instant _previousStart;

    // The last that the window before had; none where nobody counted then.
    private long _previousNumber = NoNumber;

    // Granted under another rule: may be spent in every window that starts before then.
    private long _held;
    private Instant _heldUntil;

    public FixedCounter(LimitRule rule, Instant now)
        : base(rule)
    {
        _window = Window.Of(rule, now);
        _previousStart = _window.Start;
    }

    private FixedCounter(FixedCounter other)
        : base(other.Rule)
    {
        _window = other._window;
        _used = other._used;
        _debt = other._debt;
        _carried = other._carried;
        _opening = other._opening;
        _previousOpening = other._previousOpening;
        _refunded = other._refunded;
        _held = other._held;
        _heldUntil = other._heldUntil;
        _previousUsed = other._previousUsed;
        _previousStart = other._previousStart;
        _previousNumber = other._previousNumber;
    }

    public override bool IsAtRest => _used == 0 && _debt == 0 && _previousUsed == 0 && _held == 0;

    /// <summary>Charged in the window in force, and where it starts.</summary>
    public (Instant Start, long Tokens) Current => (_window.Start, _used);

    /// <summary>Taken back in the window in force by corrected costs, whose tokens may still be outstanding.</summary>
    public long Refunded => _refunded;

    /// <summary>
    /// Charged in the window that starts at a time, without the debt that it began with; null for windows before the
    /// last two.
    /// </summary>
    public long? ChargedIn(Instant start) =>
        start > _window.Start ? 0
        : start == _window.Start ? Math.Max(0, _used - _opening)
        : start == _previousStart ? Math.Max(0, _previousUsed - _previousOpening)
        : null;

    public override LimitCounter Clone() => new FixedCounter(this) { Since = Since };

    public override void Advance(Instant now, Schedule schedule)
    {
        if (now < _window.End) return;
        // What is charged to the window before, late, comes on top of what that one worked off.
        var before = Window.Of(Rule, now).Start + -1;
        if (before >= _window.End) MoveTo(before, schedule);
        MoveTo(now, schedule);
    }

    private void MoveTo(Instant time, Schedule schedule)
    {
        (_previousStart, _previousUsed, _previousOpening) = (_window.Start, _used, _opening);
        // Other terms may come before what is charged to that window.
        _previousNumber = schedule.At(_window.End + -1);
        (_window, _used, _debt) = Debt.Roll(Rule, _window, _debt, schedule, time);
        (_carried, _opening, _refunded) = (_used, _used, 0);
        _used += HeldIn(_window);
        if (_window.End >= _heldUntil) _held = 0;
    }

    /// <summary>Counts tokens that leases of another rule hold, in each window until their expiry.</summary>
    public void Hold(long tokens, Instant until)
    {
        if (until > _window.Start) _used += tokens;
        if (until <= _window.End) return;
        _held += tokens;
        _heldUntil = Instant.Max(_heldUntil, until);
    }

    /// <summary>The tokens of <see cref="Hold"/> that outlast the window, and until when.</summary>
    public (Instant Until, long Tokens) Held => (_heldUntil, _held);

    public override long Free(Instant now, Schedule schedule, ReadOnlySpan<Outstanding> outstanding)
    {
        var number = schedule.At(now);
        return number == Schedule.Unlimited ? Plenty : number - _used;
    }

    public override void Grant(long tokens) => _used += tokens;

    // Granted tokens are in the count already, whether spent or not.
    public override void Spend(long tokens, Instant at, Instant now)
    {
    }

    public override void Return(long tokens, Instant chargedAt, long number) => TakeBack(tokens, chargedAt, number);

    public override void Charge(long tokens, Instant at, Instant now, Schedule schedule)
    {
        if (at < _window.Start) tokens = ChargeBefore(tokens, schedule);
        _debt += Beyond(schedule.At(now), _used, tokens);
        _used += tokens;
    }

    public override void Refund(long tokens, Instant spentAt, long number)
    {
        TakeBack(tokens, spentAt, number);
        if (spentAt >= _window.Start) _refunded += tokens;
    }

    public override Instant FreeAt(
        long tokens, Instant from, Schedule schedule, ReadOnlySpan<Outstanding> outstanding)
    {
        var (time, window, used, debt) = (from, _window, _used, _debt);
        while (time < Debt.CalendarEnd)
        {
            if (time >= window.End)
            {
                (window, used, debt) = Debt.Roll(Rule, window, debt, schedule, time);
                used += HeldIn(window);
            }
            var step = schedule.StepAt(time);
            if (step.Number == Schedule.Unlimited || used + tokens <= step.Number) return time;
            time = tokens > step.Number || step.Until < window.End
                ? step.Until
                : Instant.Min(step.Until, Debt.Sufficing(Rule, window, debt + tokens, step.Number));
        }
        return Instant.Never;
    }

    public override LimitOutlook Outlook(Instant now, Schedule schedule, ReadOnlySpan<Outstanding> elsewhere)
    {
        var number = schedule.At(now);
        return new LimitOutlook
        {
            Number = number,
            Free = number == Schedule.Unlimited ? Plenty : number - _used,
            FreeAt = _window.End,
            Releases = [],
        };
    }

    public override long Used(Instant now) => _used;

    private long HeldIn(Window window) => window.Start < _heldUntil ? _held : 0;
}
