using Limiter.Domain;
using Limiter.Domain.Policies;

namespace Limiter.Simulation.Auditing;

/// <summary>Every spending is remembered until it is a window old; the slot rounds its time up.</summary>
internal sealed class IdealSliding(long windowMs, long slotMs) : IdealLimit
{
    private readonly Queue<(Instant FreeAt, long Tokens)> _spent = new();
    private long _sum;

    public override bool Fits(Instant now, long tokens, long number)
    {
        Forget(now);
        return number == Schedule.Unlimited || _sum + tokens <= number;
    }

    // Taken back out of turn: it stays a little longer than it has to, behind what was spent since.
    public override void Spend(Instant at, long tokens)
    {
        var freeAt = new Instant(Ceiling.ToMultiple(at.UnixMilliseconds, slotMs) + windowMs);
        if (_spent.TryPeek(out var oldest) && freeAt < oldest.FreeAt) return;
        _spent.Enqueue((freeAt, tokens));
        _sum += tokens;
    }

    private void Forget(Instant now)
    {
        while (_spent.TryPeek(out var oldest) && oldest.FreeAt <= now) _sum -= _spent.Dequeue().Tokens;
    }
}
