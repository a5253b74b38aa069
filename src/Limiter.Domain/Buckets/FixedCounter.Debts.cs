using Limiter.Domain.Policies;

namespace Limiter.Domain.Buckets;

// What is charged beyond the number, and what comes back of it.
internal sealed partial class FixedCounter
{
    private const long NoNumber = -1;

    // To the window before. What is beyond its number is this one's to carry.
    private long ChargeBefore(long tokens, Schedule schedule)
    {
        var number = _previousNumber == NoNumber ? schedule.At(_window.Start + -1) : _previousNumber;
        var beyond = Beyond(number, _previousUsed, tokens);
        _previousStart = Window.Of(Rule, _window.Start + -1).Start;
        _previousUsed += tokens;
        _carried += beyond;
        _opening += beyond;
        return beyond;
    }

    private static long Beyond(long number, long used, long tokens) =>
        number == Schedule.Unlimited ? 0 : Math.Max(0, tokens - Math.Max(0, number - used));

    // Unspent and refunded tokens: what they had overdrawn is not owed any more.
    private void TakeBack(long tokens, Instant chargedAt, long number)
    {
        if (chargedAt >= _window.Start)
        {
            _used = Math.Max(0, _used - tokens);
        }
        else if (chargedAt >= _previousStart)
        {
            _previousUsed = Math.Max(0, _previousUsed - tokens);
            // That window's number may have been another: no more of its debt is gone than came back.
            var carried = Math.Max(_carried - tokens, Owed(_carried, _previousUsed, number));
            _used = Math.Max(0, _used - (_carried - carried));
            _opening = Math.Max(0, _opening - (_carried - carried));
            _carried = carried;
        }
        _debt = Owed(_debt, _used, number);
    }

    private static long Owed(long debt, long used, long number) =>
        number == Schedule.Unlimited ? 0 : Math.Min(debt, Math.Max(0, used - number));
}
