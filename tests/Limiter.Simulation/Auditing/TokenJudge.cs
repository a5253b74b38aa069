using Limiter.Domain;
using Limiter.Domain.Policies;

namespace Limiter.Simulation.Auditing;

/// <summary>
/// At most B + r·T in every interval of any length T, its ends included. One pass: what is missing from a full bucket
/// after each spending is the greatest, over all intervals that end there, of spent − r·T.
/// </summary>
internal ref struct TokenJudge(LimitAccount limit, Allowance allowance, FindingList findings)
{
    private readonly ReadOnlySpan<Entry> _spent = limit.Spent;
    private readonly ReadOnlySpan<Entry> _charged = limit.Charged;
    private readonly Int128 _unitsPerToken = (Int128)limit.Rule.WindowMs * 100;
    private Meter _admitted;
    private Meter _withCharges;
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
        while (_next < _charged.Length && _charged[_next].At < at) Add(ref _withCharges, _charged[_next++]);
        Add(ref _withCharges, new Entry(at, checked((int)tokens), 0));
        Add(ref _admitted, new Entry(at, checked((int)tokens), 0));
        var number = limit.Numbers.Greatest(allowance.Since(at), allowance.Until(at));
        if (number == Schedule.Unlimited) (_admitted, _withCharges) = (Meter.FullAt(at), Meter.FullAt(at));
        var wasOver = _isOver;
        var capacity = number * _unitsPerToken;
        var isCharged = _next > 0 && at - _charged[_next - 1].At >= allowance.LeaseLifetimeMs;
        _isOver = number != Schedule.Unlimited
            && (_admitted.Missing > capacity || (isCharged && _withCharges.Missing > capacity));
        if (_isOver && !wasOver) Report(index, number, capacity);
    }

    private readonly void Report(int index, long number, Int128 capacity)
    {
        var isOver = _admitted.Missing > capacity;
        var meter = isOver ? _admitted : _withCharges;
        var at = _spent[index].At;
        var allowed = meter.Tokens - (long)((meter.Missing - capacity + _unitsPerToken - 1) / _unitsPerToken);
        findings.Add(
            isOver ? FindingKind.OverLimit : FindingKind.OverAfterCharge,
            $"{limit}: {meter.Tokens} {(isOver ? "admitted" : "admitted and charged")} from {meter.Since} to {at}, {allowed} allowed by a capacity of {number}; {limit.Around(index)}.");
    }

    private readonly void Add(ref Meter meter, in Entry entry)
    {
        // Numbers may have changed since: the most that can have been refilled.
        var number = limit.Numbers.Greatest(allowance.Since(meter.At), allowance.Until(entry.At));
        meter.Refill(entry.At, number == Schedule.Unlimited ? null : (Int128)number * limit.Rule.RefillPercent);
        meter.Spend(entry, _unitsPerToken);
    }

    /// <summary>Units of 1/(100 · window) token missing from a full bucket, and the interval that left it so.</summary>
    private struct Meter
    {
        public Int128 Missing;
        public Instant At;
        public Instant Since;
        public long Tokens;

        public static Meter FullAt(Instant at) => new() { At = at, Since = at };

        /// <param name="to">Not before the meter's time.</param>
        /// <param name="rate">Units in a millisecond; null for any number.</param>
        public void Refill(Instant to, Int128? rate)
        {
            Missing -= rate is { } units ? units * (to - At) : Missing;
            At = to;
            if (Missing > 0) return;
            (Missing, Since, Tokens) = (0, to, 0);
        }

        public void Spend(in Entry entry, Int128 unitsPerToken)
        {
            Tokens += entry.Tokens;
            Missing = Int128.Max(0, Missing + (entry.Tokens * unitsPerToken));
        }
    }
}
