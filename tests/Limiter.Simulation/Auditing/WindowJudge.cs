using Limiter.Domain;
using Limiter.Domain.Policies;

namespace Limiter.Simulation.Auditing;

/// <summary>
/// At most N in each window. A charge after the fact counts once the leases are over that were out when the bucket
/// heard of it. What a window was charged beyond the number carries into the next; what it hears of late, into the one
/// in which it hears.
/// </summary>
internal ref struct WindowJudge(LimitAccount limit, Allowance allowance, FindingList findings)
{
    private readonly ReadOnlySpan<Entry> _spent = limit.Spent;
    private readonly ReadOnlySpan<ChargedEntry> _charged = limit.Charged;
    private CountedWindow _window = new(Instant.MinValue, Instant.MinValue);
    private long _sum;

    // The window before, with all that it was charged while it lasted.
    private CountedWindow _before;
    private long _sumBefore;
    private long _chargesBefore;

    // The first that does not bind yet. What binds is dated in this window or in the one before.
    private int _binding;
    private long _charges;
    private long _late;
    private long _carried;
    private bool _isReported;

    public void Judge()
    {
        for (var i = 0; i < _spent.Length; i++)
        {
            var at = _spent[i].At;
            if (at >= _window.End) MoveTo(at);
            _sum += _spent[i].Tokens;
            if (i + 1 < _spent.Length && _spent[i + 1].At == at) continue;
            if (!_isReported) Judge(i, at);
        }
    }

    private void Judge(int index, Instant at)
    {
        while (_binding < _charged.Length && _charged[_binding].KnownAt + allowance.ChargeBindsAfterMs <= at)
            Take(_charged[_binding++]);
        var number = limit.Numbers.Greatest(allowance.Since(at), allowance.Until(at));
        if (number == Schedule.Unlimited || _sum + Math.Max(0, _charges + _carried) <= number) return;
        _isReported = true;
        var when = $"from {_window.Start} up to {at}";
        findings.AddOver(limit, index, _sum, _charges + _carried, when, number);
    }

    private void Take(in ChargedEntry charge)
    {
        if (charge.At >= _window.Start) _charges += charge.Tokens;
        else _late += charge.Tokens;
        _carried = Beyond(_before, _sumBefore, _chargesBefore + _late);
    }

    private void MoveTo(Instant at)
    {
        if (_window.End == Instant.MinValue) Begin(CountedWindow.Of(limit.Rule, First(at)));
        while (at >= _window.End)
        {
            while (_binding < _charged.Length && _charged[_binding].KnownAt < _window.End) Take(_charged[_binding++]);
            (_before, _sumBefore, _chargesBefore) = (_window, _sum, _charges + _carried);
            var carries = Beyond(_before, _sumBefore, _chargesBefore) > 0;
            Begin(CountedWindow.Of(limit.Rule, carries ? _window.End : Instant.Max(_window.End, First(at))));
        }
    }

    private void Begin(CountedWindow window)
    {
        if (_before.End != window.Start)
            (_before, _sumBefore, _chargesBefore) = (CountedWindow.Of(limit.Rule, window.Start + -1), 0, 0);
        (_window, _sum, _charges, _late, _isReported) = (window, 0, 0, 0, false);
        _carried = Beyond(_before, _sumBefore, _chargesBefore);
    }

    private readonly Instant First(Instant at) =>
        _binding < _charged.Length ? Instant.Min(at, _charged[_binding].KnownAt) : at;

    // A window's charges beyond its number, the greatest that it had.
    private readonly long Beyond(CountedWindow window, long sum, long charges)
    {
        if (charges <= 0) return 0;
        var number = limit.Numbers.Greatest(allowance.Since(window.Start), allowance.Until(window.End));
        return number == Schedule.Unlimited ? 0 : Math.Min(charges, Math.Max(0, sum + charges - number));
    }
}
