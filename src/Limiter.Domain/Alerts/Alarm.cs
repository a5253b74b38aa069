using System.Collections.Immutable;
using Limiter.Domain.Policies;

namespace Limiter.Domain.Alerts;

/// <summary>
/// Watches the use of one limit of one tenant or key. A window's thresholds are told once each, rising. Where the use
/// does not start anew with a window, a threshold is armed again when the use falls below it, and told at most once in
/// a window's length. Its owner guards <see cref="Step"/>; <see cref="IsQuiet"/> may be asked without that, since
/// whoever finds it stale finds the truth with the next check.
/// </summary>
public sealed class Alarm
{
    private readonly LimitRule _rule;
    private readonly ImmutableArray<int> _thresholds;

    // By the thresholds' places: when each was told last, and whether it may be told again.
    private readonly Instant[] _toldAt;
    private readonly bool[] _isArmed;
    private AlarmWindow _window;
    private long _number;
    private Instant _seenAt = Instant.MinValue;

    // Between these two what is left says nothing new, until a time.
    private long _low;
    private long _high;
    private long _until;

    /// <param name="rule">How the limit counts.</param>
    /// <param name="thresholds">As in <see cref="AlertRule.Thresholds"/>; at least one.</param>
    public Alarm(LimitRule rule, ImmutableArray<int> thresholds)
    {
        (_rule, _thresholds) = (rule, thresholds);
        _toldAt = new Instant[thresholds.Length];
        _isArmed = new bool[thresholds.Length];
        Array.Fill(_toldAt, Instant.MinValue);
        _until = long.MinValue;
    }

    /// <summary>Whether a decision says nothing new of the limit.</summary>
    public bool IsQuiet(long number, long remaining, bool denies, Instant at)
    {
        if (denies || number != _number || remaining <= _low || remaining >= _high || at.UnixMilliseconds >= _until)
            return false;
        _seenAt = at;
        return true;
    }

    /// <summary>Whether nothing is to be remembered of it: another one would do the same from here on.</summary>
    public bool IsAtRest(Instant now)
    {
        for (var i = 0; i < _thresholds.Length; i++)
        {
            if (_toldAt[i] == Instant.MinValue) continue;
            if (now < Over(_toldAt[i])) return false;
            // Reached still, unless nobody came for as long as it takes to be unused again.
            if (!_isArmed[i] && !AlarmWindow.Resets(_rule) && now - _seenAt < UnusedMs()) return false;
        }
        return true;
    }

    /// <summary>Takes in how a decision left the limit.</summary>
    /// <param name="number">The number in force; at least 1.</param>
    /// <param name="remaining">What was left, at least 0.</param>
    /// <param name="denies">Whether the limit denied the check.</param>
    /// <param name="at">The decision's time.</param>
    /// <param name="window">The window that what is returned belongs to.</param>
    /// <returns>The highest threshold that is to be told now; null for none.</returns>
    /// <remarks>
    /// Thresholds that one check crosses together are one alert, for the highest: the others are told with it.
    /// </remarks>
    public int? Step(long number, long remaining, bool denies, Instant at, out AlarmWindow window)
    {
        window = AlarmWindow.Of(_rule, at);
        // A late word of a window that is over.
        if (AlarmWindow.Resets(_rule) && window.Start < _window.Start) return null;
        if (_until == long.MinValue || (AlarmWindow.Resets(_rule) && window != _window)) Array.Fill(_isArmed, true);
        (_window, _number, _seenAt) = (window, number, at);
        int? told = null;
        for (var i = 0; i < _thresholds.Length; i++)
        {
            var isReached = IsReached(i, number, remaining, denies);
            if (isReached && _isArmed[i] && MayTell(i, at))
            {
                // Denials come and go between two admissions: there the window's length alone decides.
                _isArmed[i] = _thresholds[i] == AlertRule.Exceeding && !AlarmWindow.Resets(_rule);
                _toldAt[i] = at;
                told = _thresholds[i];
            }
            else if (!isReached && !AlarmWindow.Resets(_rule))
            {
                _isArmed[i] = true;
            }
        }
        Bound(number, remaining, at);
        return told;
    }

    private bool MayTell(int place, Instant at) =>
        AlarmWindow.Resets(_rule) || _toldAt[place] == Instant.MinValue || at - _toldAt[place] >= _window.LengthMs;

    private bool IsReached(int place, long number, long remaining, bool denies) =>
        _thresholds[place] == AlertRule.Exceeding
            ? denies
            : remaining <= FreeAt(place, number);

    // What is left at most when the threshold is reached.
    private long FreeAt(int place, long number) => number * (100 - _thresholds[place]) / 100;

    private void Bound(long number, long remaining, Instant at)
    {
        (_low, _high, _until) = (-1, long.MaxValue, long.MaxValue);
        if (AlarmWindow.Resets(_rule)) _until = _window.End.UnixMilliseconds;
        for (var i = 0; i < _thresholds.Length; i++)
        {
            if (_thresholds[i] == AlertRule.Exceeding) continue;
            var free = FreeAt(i, number);
            if (remaining > free) _low = Math.Max(_low, free);
            else if (!AlarmWindow.Resets(_rule)) _high = Math.Min(_high, free + 1);
            // Reached, armed, and told too lately: it is due when that is over, if it is still reached then.
            if (remaining <= free && _isArmed[i] && _toldAt[i] != Instant.MinValue)
                _until = Math.Min(_until, Over(_toldAt[i]).UnixMilliseconds);
        }
        // A clock that went on is never behind.
        if (_until <= at.UnixMilliseconds) _until = at.UnixMilliseconds + 1;
    }

    private long UnusedMs() => _rule.Algorithm == Algorithm.TokenBucket
        ? Ceiling.Divide(_rule.WindowMs * 100, _rule.RefillPercent)
        : _rule.WindowMs;

    private Instant Over(Instant toldAt) => AlarmWindow.Resets(_rule)
        ? AlarmWindow.Of(_rule, toldAt).End
        : toldAt + _window.LengthMs;
}
