using Limiter.Domain;
using Limiter.Domain.Policies;

namespace Limiter.Simulation.Auditing;

/// <summary>
/// At most N in each window. A charge after the fact counts once the leases are over that were out when it came, and
/// what it was beyond the number carries into the next window.
/// </summary>
internal ref struct WindowJudge(LimitAccount limit, Allowance allowance, FindingList findings)
{
    private readonly ReadOnlySpan<Entry> _spent = limit.Spent;
    private readonly ReadOnlySpan<Entry> _charged = limit.Charged;
    private CountedWindow _window = new(Instant.MinValue, Instant.MinValue);
    private long _sum;

    // Charges of this window: all before _arrived are booked, all before _binding count against admissions.
    private int _arrived;
    private int _binding;
    private long _charges;
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
        while (_binding < _charged.Length && _charged[_binding].At + allowance.ChargeBindsAfterMs <= at)
            _charges += _charged[_binding++].Tokens;
        var number = limit.Numbers.Greatest(allowance.Since(at), allowance.Until(at));
        if (number == Schedule.Unlimited || _sum + Math.Max(0, _charges + _carried) <= number) return;
        _isReported = true;
        var when = $"from {_window.Start} up to {at}";
        findings.AddOver(limit, index, _sum, _charges + _carried, when, number);
    }

    private void MoveTo(Instant at)
    {
        if (_window.End == Instant.MinValue) _window = CountedWindow.Of(limit.Rule, First(at));
        while (at >= _window.End)
        {
            _carried = Carried();
            var next = CountedWindow.Of(limit.Rule, _window.End);
            _window = _carried > 0 ? next : CountedWindow.Of(limit.Rule, Instant.Max(_window.End, First(at)));
            (_sum, _charges, _isReported) = (0, 0, false);
            // A charge of a window that is over is in what that carried.
            _binding = Math.Max(_binding, _arrived);
        }
    }

    private readonly Instant First(Instant at) =>
        _arrived < _charged.Length ? Instant.Min(at, _charged[_arrived].At) : at;

    // The window's charges beyond its number, the greatest that it had.
    private long Carried()
    {
        var charges = _carried;
        while (_arrived < _charged.Length && _charged[_arrived].At < _window.End)
            charges += _charged[_arrived++].Tokens;
        if (charges <= 0) return 0;
        var number = limit.Numbers.Greatest(allowance.Since(_window.Start), allowance.Until(_window.End));
        return number == Schedule.Unlimited ? 0 : Math.Min(charges, Math.Max(0, _sum + charges - number));
    }
}
