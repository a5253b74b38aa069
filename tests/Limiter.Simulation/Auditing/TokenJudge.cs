using Limiter.Domain;
using Limiter.Domain.Policies;

namespace Limiter.Simulation.Auditing;

/// <summary>
/// At most B + r·T in every interval of any length T, its ends included. One pass: what is missing from a full bucket
/// after each spending is the greatest, over all intervals that end there, of spent − r·T. A second meter counts what
/// was charged after the fact as well; it judges while no lease is out that was granted before the last such charge.
/// </summary>
internal ref struct TokenJudge(LimitAccount limit, Allowance allowance, FindingList findings)
{
    private readonly ReadOnlySpan<Entry> _spent = limit.Spent;
    private readonly ReadOnlySpan<Entry> _charged = limit.Charged;
    private readonly Int128 _unitsPerToken = (Int128)limit.Rule.WindowMs * 100;
    private TokenMeter _admitted;
    private TokenMeter _withCharges;
    private int _next;
    private bool _isOver;

    public void Judge()
    {
        var tokens = 0L;
        for (var i = 0; i < _spent.Length; i++)
        {
            tokens += _spent[i].Tokens;
            if (i + 1 < _spent.Length && _spent[i + 1].At == _spent[i].At) continue;
            Judge(i, tokens);
            tokens = 0;
        }
    }

    private void Judge(int index, long tokens)
    {
        var at = _spent[index].At;
        while (_next < _charged.Length && _charged[_next].At < at)
        {
            Refill(ref _withCharges, _charged[_next].At);
            _withCharges.Charge(_charged[_next++].Tokens, _unitsPerToken);
        }
        Refill(ref _withCharges, at);
        _withCharges.Spend(tokens, _unitsPerToken);
        Refill(ref _admitted, at);
        _admitted.Spend(tokens, _unitsPerToken);
        Judge(index, at);
    }

    private void Judge(int index, Instant at)
    {
        var number = limit.Numbers.Greatest(allowance.Since(at), allowance.Until(at));
        var wasOver = _isOver;
        _isOver = false;
        if (number == Schedule.Unlimited)
        {
            _admitted.Fill(at);
            _withCharges.Fill(at);
            return;
        }
        var capacity = number * _unitsPerToken;
        var isBinding = _next > 0 && at - _charged[_next - 1].At >= allowance.LeaseLifetimeMs;
        var meter = isBinding && _admitted.Missing <= capacity ? _withCharges : _admitted;
        if (meter.Missing <= capacity) return;
        _isOver = true;
        if (wasOver) return;
        var excess = (long)((meter.Missing - capacity + _unitsPerToken - 1) / _unitsPerToken);
        var when = $"from {meter.Since} to {at} by a capacity of {number}";
        findings.AddOver(limit, index, meter.Admitted, meter.Charged, when, meter.Admitted + meter.Charged - excess);
    }

    // Numbers may have changed since: the most that can have been refilled.
    private readonly void Refill(ref TokenMeter meter, Instant to)
    {
        var number = limit.Numbers.Greatest(allowance.Since(meter.At), allowance.Until(to));
        if (number == Schedule.Unlimited) meter.Fill(to);
        else meter.Refill(to, (Int128)number * limit.Rule.RefillPercent);
    }
}
