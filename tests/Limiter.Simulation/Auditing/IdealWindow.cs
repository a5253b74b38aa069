using Limiter.Domain;
using Limiter.Domain.Policies;

namespace Limiter.Simulation.Auditing;

/// <summary>A counter that starts anew with each window.</summary>
internal sealed class IdealWindow(LimitRule rule) : IdealLimit
{
    private CountedWindow _window = new(Instant.MinValue, Instant.MinValue);
    private long _used;
    private long _number;

    // Charged beyond the number: the next window begins with it.
    private long _debt;

    // What this window began with on account of the one before.
    private long _carried;
    private Instant _startBefore;

    public override long RoomAt(Instant now, long number)
    {
        MoveTo(now);
        _number = number;
        return number - _used;
    }

    public override void Charge(Instant at, long tokens, long number)
    {
        var room = Math.Max(0, RoomAt(at, number));
        if (number != Schedule.Unlimited) _debt += Math.Max(0, tokens - room);
        _used += tokens;
    }

    public override void Spend(Instant at, long tokens)
    {
        MoveTo(at);
        if (at >= _window.Start) _used = Math.Max(0, _used + tokens);
        else if (at >= _startBefore && tokens < 0) TakeBackCarried(-tokens);
        // What was taken back is owed no more.
        if (tokens < 0) _debt = Math.Min(_debt, Math.Max(0, _used - _number));
    }

    private void TakeBackCarried(long tokens)
    {
        tokens = Math.Min(tokens, _carried);
        _carried -= tokens;
        _used = Math.Max(0, _used - tokens);
    }

    private void MoveTo(Instant time)
    {
        while (time >= _window.End)
        {
            _startBefore = _window.Start;
            _window = CountedWindow.Of(rule, _debt > 0 ? _window.End : time);
            (_used, _carried) = (_debt, _debt);
            _debt = _number == Schedule.Unlimited ? 0 : Math.Max(0, _debt - _number);
        }
    }
}
