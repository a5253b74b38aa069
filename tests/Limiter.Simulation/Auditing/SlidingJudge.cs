using Limiter.Domain;
using Limiter.Domain.Policies;

namespace Limiter.Simulation.Auditing;

/// <summary>
/// At most N in any half-open interval of the window's length W: of two spendings, both are in one such interval if
/// they are less than W apart. So for each spending, all from W before it (not included) to it are summed.
/// </summary>
internal ref struct SlidingJudge(LimitAccount limit, Allowance allowance, FindingList findings)
{
    private readonly ReadOnlySpan<Entry> _spent = limit.Spent;
    private readonly ReadOnlySpan<ChargedEntry> _charged = limit.Charged;
    private int _oldest;
    private long _sum;
    private int _binding;
    private readonly PriorityQueue<long, Instant> _counting = new();
    private long _charges;
    private bool _isOver;

    public void Judge()
    {
        for (var i = 0; i < _spent.Length; i++)
        {
            _sum += _spent[i].Tokens;
            if (i + 1 < _spent.Length && _spent[i + 1].At == _spent[i].At) continue;
            Judge(i);
        }
    }

    private void Judge(int index)
    {
        var at = _spent[index].At;
        var from = at + -limit.Rule.WindowMs;
        while (_spent[_oldest].At <= from) _sum -= _spent[_oldest++].Tokens;
        while (_binding < _charged.Length && _charged[_binding].KnownAt + allowance.ChargeBindsAfterMs <= at)
        {
            var charge = _charged[_binding++];
            _counting.Enqueue(charge.Tokens, charge.At);
            _charges += charge.Tokens;
        }
        while (_counting.TryPeek(out var tokens, out var chargedAt) && chargedAt <= from)
        {
            _counting.Dequeue();
            _charges -= tokens;
        }
        var number = limit.Numbers.Greatest(allowance.Since(at), allowance.Until(at));
        var wasOver = _isOver;
        _isOver = number != Schedule.Unlimited && _sum + _charges > number;
        if (_isOver && !wasOver) findings.AddOver(limit, index, _sum, _charges, $"after {from} up to {at}", number);
    }
}
