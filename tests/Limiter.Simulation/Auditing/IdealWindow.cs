using Limiter.Domain;
using Limiter.Domain.Policies;

namespace Limiter.Simulation.Auditing;

/// <summary>A counter that starts anew with each window.</summary>
internal sealed class IdealWindow(LimitRule rule) : IdealLimit
{
    private CountedWindow _window = new(Instant.MinValue, Instant.MinValue);
    private long _used;

    public override long RoomAt(Instant now, long number)
    {
        MoveTo(now);
        return number - _used;
    }

    public override void Spend(Instant at, long tokens)
    {
        MoveTo(at);
        if (at >= _window.Start) _used = Math.Max(0, _used + tokens);
    }

    private void MoveTo(Instant time)
    {
        if (time < _window.End) return;
        _window = CountedWindow.Of(rule, time);
        _used = 0;
    }
}
