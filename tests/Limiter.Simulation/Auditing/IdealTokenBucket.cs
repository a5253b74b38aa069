using Limiter.Domain;
using Limiter.Domain.Policies;

namespace Limiter.Simulation.Auditing;

/// <summary>What is missing from a full bucket, in units of 1/(100 · window) token.</summary>
internal sealed class IdealTokenBucket(LimitRule rule) : IdealLimit
{
    private readonly Int128 _unitsPerToken = (Int128)rule.WindowMs * 100;
    private Int128 _missing;
    private Instant _at;
    private Instant _fullAt;
    private long _number;

    public override long RoomAt(Instant now, long number)
    {
        Refill(now);
        _number = number;
        var room = (number * _unitsPerToken) - _missing;
        // Rounded down, also below 0.
        return (long)((room - (room < 0 ? _unitsPerToken - 1 : 0)) / _unitsPerToken);
    }

    public override void Empty(Instant now, long number)
    {
        Refill(now);
        _missing = Int128.Max(_missing, number * _unitsPerToken);
    }

    public override void Spend(Instant at, long tokens)
    {
        if (tokens > 0) Refill(at);
        // It was full since: refill has replaced what is taken back.
        else if (at < _fullAt) return;
        _missing = Int128.Max(0, _missing + (tokens * _unitsPerToken));
    }

    private void Refill(Instant now)
    {
        if (now <= _at) return;
        _missing -= _number == Schedule.Unlimited ? _missing : TokenMeter.RateOf(rule, _number) * (now - _at);
        _at = now;
        if (_missing > 0) return;
        (_missing, _fullAt) = (0, now);
    }
}
