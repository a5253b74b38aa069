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
    }

    private void MoveTo(Instant time)
    {
        while (time >= _window.End)
        {
            _window = CountedWindow.Of(rule, _debt > 0 ? _window.End : time);
            _used = _debt;
            _debt = _number == Schedule.Unlimited ? 0 : Math.Max(0, _debt - _number);
        }
    }
}
