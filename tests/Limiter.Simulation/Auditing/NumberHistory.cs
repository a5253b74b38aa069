using Limiter.Domain;
using Limiter.Domain.Policies;

namespace Limiter.Simulation.Auditing;

/// <summary>A limit's numbers in force, in the order of time.</summary>
internal sealed class NumberHistory(long first)
{
    /// <summary>Most changes of one limit in a world.</summary>
    public const int ChangesMax = 100_000;

    private readonly List<(Instant From, long Number)> _steps = [(Instant.MinValue, first)];

    /// <param name="from">Not before the last change.</param>
    /// <param name="number">The number, or <see cref="Schedule.Unlimited"/>.</param>
    public void Change(Instant from, long number)
    {
        if (from < _steps[^1].From) throw new ArgumentException("Changes are told in the order of time.", nameof(from));
        if (_steps.Count >= ChangesMax) throw new InvalidOperationException("A limit changed too often.");
        // Of changes at one time only the last is ever in force.
        if (from == _steps[^1].From) _steps[^1] = (from, number);
        else _steps.Add((from, number));
    }

    public long At(Instant time) => Greatest(time, time);

    /// <summary>The greatest number in force at any time of an interval, both ends included.</summary>
    public long Greatest(Instant from, Instant to) => Extreme(from, to, long.MinValue, Math.Max);

    /// <summary>The least number in force at any time of an interval, both ends included.</summary>
    public long Least(Instant from, Instant to) => Extreme(from, to, long.MaxValue, Math.Min);

    private long Extreme(Instant from, Instant to, long found, Func<long, long, long> better)
    {
        if (_steps.Count == 1) return _steps[0].Number;
        var i = _steps.Count - 1;
        while (i > 0 && _steps[i].From > to) i--;
        for (; i >= 0; i--)
        {
            found = better(found, _steps[i].Number);
            if (_steps[i].From <= from) break;
        }
        return found;
    }
}
