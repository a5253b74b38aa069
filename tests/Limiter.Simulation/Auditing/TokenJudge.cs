using Limiter.Domain;
using Limiter.Domain.Policies;

namespace Limiter.Simulation.Auditing;

/// <summary>
/// At most B + r·T in every interval of any length T, its ends included. One pass: what is missing from a full bucket
/// after each spending is the greatest, over all intervals that end there, of spent − r·T. A second meter counts what
/// was charged after the fact as well, from its date on; it judges while no lease is out that was granted before the
/// bucket had heard of all that. So a charge that it hears of late suspends that judgement: a third counts only what
/// was heard of at once, which is the least that is missing, and judges by the last of that.
/// An edge dates its spending as late as it can have been, the bucket when it hears of it at the latest: an interval
/// may have begun as much earlier as its spendings are vague, and as the clocks disagree that dated them.
/// </summary>
internal ref struct TokenJudge(LimitAccount limit, Allowance allowance, FindingList findings)
{
    private readonly ReadOnlySpan<Entry> _spent = limit.Spent;
    private readonly ChargedEntry[] _charged = [.. limit.Charged.ToArray().OrderBy(charge => charge.At)];
    private readonly Int128 _unitsPerToken = (Int128)limit.Rule.WindowMs * 100;
    private TokenMeter _admitted;
    private TokenMeter _withCharges;
    private TokenMeter _withHeardAtOnce;
    private int _next;
    private Instant _heardAt;
    private Instant _heardAtOnceAt;
    private bool _isOver;

    public void Judge()
    {
        var (tokens, vagueMs) = (0L, 0L);
        for (var i = 0; i < _spent.Length; i++)
        {
            tokens += _spent[i].Tokens;
            vagueMs = Math.Max(vagueMs, _spent[i].VagueMs);
            if (i + 1 < _spent.Length && _spent[i + 1].At == _spent[i].At) continue;
            Judge(i, tokens, vagueMs);
            (tokens, vagueMs) = (0, 0);
        }
    }

    private void Judge(int index, long tokens, long vagueMs)
    {
        var at = _spent[index].At;
        while (_next < _charged.Length && _charged[_next].At < at) Charge(_charged[_next++]);
        Spend(ref _admitted, at, tokens, vagueMs);
        Spend(ref _withHeardAtOnce, at, tokens, vagueMs);
        Spend(ref _withCharges, at, tokens, vagueMs);
        Judge(index, at);
    }

    private void Charge(in ChargedEntry charge)
    {
        Charge(ref _withCharges, charge);
        _heardAt = Instant.Max(_heardAt, charge.KnownAt);
        if (charge.KnownAt != charge.At) return;
        Charge(ref _withHeardAtOnce, charge);
        _heardAtOnceAt = charge.At;
    }

    private void Judge(int index, Instant at)
    {
        var number = limit.Numbers.Greatest(allowance.Since(at), allowance.Until(at));
        var wasOver = _isOver;
        _isOver = false;
        if (number == Schedule.Unlimited)
        {
            _admitted.Fill(at);
            _withHeardAtOnce.Fill(at);
            _withCharges.Fill(at);
            return;
        }
        var capacity = number * _unitsPerToken;
        var rate = TokenMeter.RateOf(limit.Rule, number);
        var meter = _admitted;
        if (Over(meter, capacity, rate) <= 0 && Binds(_heardAtOnceAt, at)) meter = _withHeardAtOnce;
        if (Over(meter, capacity, rate) <= 0 && Binds(_heardAt, at)) meter = _withCharges;
        var over = Over(meter, capacity, rate);
        if (over <= 0) return;
        _isOver = true;
        if (wasOver) return;
        var excess = (long)((over + _unitsPerToken - 1) / _unitsPerToken);
        var when = $"from {meter.Since} to {at} by a capacity of {number}";
        findings.AddOver(limit, index, meter.Admitted, meter.Charged, when, meter.Admitted + meter.Charged - excess);
    }

    private readonly bool Binds(Instant heardAt, Instant at) => at - heardAt >= allowance.ChargeBindsAfterMs;

    private readonly Int128 Over(in TokenMeter meter, Int128 capacity, Int128 rate) =>
        meter.Missing - capacity - (rate * (meter.VagueMs + allowance.DisagreementMs));

    private readonly void Charge(ref TokenMeter meter, in ChargedEntry charge)
    {
        Refill(ref meter, charge.At);
        meter.Charge(charge.Tokens, _unitsPerToken);
    }

    private readonly void Spend(ref TokenMeter meter, Instant at, long tokens, long vagueMs)
    {
        Refill(ref meter, at);
        meter.Spend(tokens, _unitsPerToken, vagueMs);
    }

    // Numbers may have changed since: the most that can have been refilled.
    private readonly void Refill(ref TokenMeter meter, Instant to)
    {
        var number = limit.Numbers.Greatest(allowance.Since(meter.At), allowance.Until(to));
        if (number == Schedule.Unlimited) meter.Fill(to);
        else meter.Refill(to, TokenMeter.RateOf(limit.Rule, number));
    }
}
