using Limiter.Domain;
using Limiter.Domain.Policies;

namespace Limiter.Simulation.Auditing;

/// <summary>Every spending is remembered until it is a window old; the slot rounds its time up.</summary>
internal sealed class IdealSliding(long windowMs, long slotMs) : IdealLimit
{
    // In the order of time; those before _first are forgotten.
    private readonly List<(Instant FreeAt, long Tokens)> _spent = [];
    private int _first;
    private long _sum;

    public override long RoomAt(Instant now, long number)
    {
        Forget(now);
        return number - _sum;
    }

    public override void Spend(Instant at, long tokens)
    {
        var freeAt = new Instant(Ceiling.ToMultiple(at.UnixMilliseconds, slotMs) + windowMs);
        var place = _spent.Count;
        while (place > _first && _spent[place - 1].FreeAt > freeAt) place--;
        // Taken back of what is free already: that changes nothing.
        if (place == _first && tokens < 0) return;
        _spent.Insert(place, (freeAt, tokens));
        _sum += tokens;
    }

    private void Forget(Instant now)
    {
        while (_first < _spent.Count && _spent[_first].FreeAt <= now) _sum -= _spent[_first++].Tokens;
        if (_first < 1_024 || _first < _spent.Count / 2) return;
        _spent.RemoveRange(0, _first);
        _first = 0;
    }
}
