using Limiter.Domain.Policies;
using Limiter.Simulation.Auditing;
using Limiter.Simulation.Scenarios;
using Limiter.Simulation.Time;

namespace Limiter.Simulation.Traffic;

/// <summary>One caller's checks over time.</summary>
internal sealed class Stream
{
    private const int BurstMax = 2_000;
    private const long PhaseMsMin = 3_000;
    private const long PhaseMsMax = 40_000;
    private const long NearMs = 20;

    private readonly Pump _pump;
    private readonly Dice _dice;
    private readonly IReadOnlyList<Call> _calls;
    private readonly Workload _workload;
    private readonly Sender _sender;
    private readonly long _windowMs;
    private double _perMs;
    private long _phaseEnds;
    private bool _isOn = true;
    private bool _isOver;

    /// <param name="pump">True time.</param>
    /// <param name="dice">This caller's chance.</param>
    /// <param name="calls">What it can send; the last is the most common.</param>
    /// <param name="workload">How its checks come.</param>
    /// <param name="percent">Of what its shortest limit allows.</param>
    /// <param name="sharers">Callers that share that limit.</param>
    /// <param name="sender">Where checks go.</param>
    public Stream(
        Pump pump, Dice dice, IReadOnlyList<Call> calls, Workload workload, int percent, int sharers, Sender sender)
    {
        (_pump, _dice, _calls, _workload, _sender) = (pump, dice, calls, workload, sender);
        var shortest = calls[^1].Accounts
            .Where(account => account.Numbers.At(pump.TrueTime) is > 0 and not Schedule.Unlimited)
            .MinBy(account => WindowOf(account.Rule));
        _windowMs = shortest is null ? 1_000 : WindowOf(shortest.Rule);
        var number = shortest?.Numbers.At(pump.TrueTime) ?? 100;
        ChecksPerMs = Math.Max(1e-6, (double)number * percent / 100 / _windowMs / sharers);
        _perMs = ChecksPerMs;
    }

    /// <summary>Tokens that it wants in a millisecond.</summary>
    public double ChecksPerMs { get; }

    /// <summary>Multiplies its pace.</summary>
    public void Hurry(double by) => _perMs = ChecksPerMs * by;

    public void Start()
    {
        if (_workload == Workload.WindowEdges) AtWindowEdge();
        else Next();
    }

    public void End() => _isOver = true;

    private static long WindowOf(LimitRule rule) => rule.Algorithm == Algorithm.CalendarQuota
        ? rule.Period switch
        {
            CalendarPeriod.Hour => 3_600_000,
            CalendarPeriod.Day => 86_400_000,
            _ => 30L * 86_400_000,
        }
        : rule.WindowMs;

    private void Next()
    {
        var (count, gapMs) = _workload == Workload.Bursty ? Burst() : (Math.Max(1, (int)_perMs), 0);
        if (gapMs == 0) gapMs = count / _perMs;
        if (_workload == Workload.OnOff) gapMs /= 2;
        _pump.In((long)(_dice.Waiting(1_000) * gapMs * Pump.Millisecond / 1_000) + 1, null, () =>
        {
            if (_isOver) return;
            if (_workload != Workload.OnOff || IsOn()) Send(count);
            Next();
        });
    }

    private (int Count, double GapMs) Burst()
    {
        var most = Math.Clamp((int)(_perMs * _windowMs), 2, BurstMax);
        var count = (int)_dice.Between(1, most);
        return (count, count / _perMs);
    }

    private bool IsOn()
    {
        if (_pump.Now < _phaseEnds) return _isOn;
        _isOn = !_isOn;
        _phaseEnds = _pump.Now + (_dice.Between(PhaseMsMin, PhaseMsMax) * Pump.Millisecond);
        return _isOn;
    }

    // A window's worth just before its end, and again just after: what a sloppy counter would let through.
    private void AtWindowEdge()
    {
        var window = Math.Min(_windowMs, 60_000);
        var edge = ((_pump.TrueTime.UnixMilliseconds / window) + 1) * window;
        var untilEdge = (edge - _pump.TrueTime.UnixMilliseconds) * Pump.Millisecond;
        var half = Math.Clamp((int)(_perMs * window / 2), 1, BurstMax);
        _pump.In(untilEdge - (_dice.Between(1, NearMs) * Pump.Millisecond), null, () => SendUnlessOver(half));
        _pump.In(untilEdge + (_dice.Between(0, NearMs) * Pump.Millisecond), null, () =>
        {
            SendUnlessOver(half);
            if (!_isOver) AtWindowEdge();
        });
    }

    private void SendUnlessOver(int count)
    {
        if (!_isOver) Send(count);
    }

    private void Send(int count)
    {
        for (; count > 0; count--)
            _sender.Send(_dice.Chance(700_000) ? _calls[^1] : _calls[_dice.Below(_calls.Count)], _dice);
    }
}
