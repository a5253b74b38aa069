using System.Collections.Concurrent;
using Limiter.Domain;
using Limiter.Domain.Alerts;
using Limiter.Domain.Decisions;
using Limiter.Domain.Policies;
using Limiter.Domain.Tenants;

namespace Limiter.Engine.Alerts;

/// <summary>
/// The alarms of one tenant's limits on this edge: of those that came to a threshold lately. Thread-safe.
/// </summary>
/// <param name="tenant">Whose.</param>
/// <param name="rule">Its rule; another needs other alarms.</param>
/// <param name="watch">Whose they are.</param>
internal sealed class TenantAlarms(TenantId tenant, AlertRule rule, AlertWatch watch)
{
    /// <summary>Most limits of a tenant and its keys that are watched at once; those of further keys are not.</summary>
    public const int AlarmsMax = 1_000;

    private readonly ConcurrentDictionary<(KeyId Key, string Limit), Alarm> _alarms = new();
    private readonly Lock _gate = new();
    private Instant _droppedUntil;
    private int _count;
    private bool _isRetired;

    public TenantId Tenant => tenant;

    public AlertRule Rule => rule;

    /// <summary>Whether it is out of use: another one watches now.</summary>
    public bool IsRetired => Volatile.Read(ref _isRetired);

    /// <summary>What is to be told of a limit after a decision; false when this is out of use.</summary>
    /// <param name="decision">The decision.</param>
    /// <param name="status">One of its limits, of which alerts tell.</param>
    /// <param name="isReached">Whether an alarm is needed where there is none.</param>
    /// <param name="crossing">Null for nothing.</param>
    public bool TryConsider(Decision decision, in LimitStatus status, bool isReached, out Crossing? crossing)
    {
        crossing = null;
        var limit = status.Limit;
        var place = (limit.Partition == Partition.Key ? decision.Key : default, limit.Name);
        var denies = status.Denies && decision.Outcome == Outcome.Denied;
        var isKnown = _alarms.TryGetValue(place, out var alarm);
        if (isKnown ? alarm!.IsQuiet(status.Number, status.Remaining, denies, decision.At) : !isReached) return true;
        lock (_gate)
        {
            if (_isRetired) return false;
            if (AlarmAt_NeedsLock(place, limit.Rule, decision.At) is not { } known) return true;
            var told = known.Step(status.Number, status.Remaining, denies, decision.At, out var window);
            if (told is { } threshold)
                crossing = new Crossing(
                    tenant, decision.Plan?.Name ?? "", place.Item1.Text, limit.Name, threshold, status.Number,
                    status.Remaining, window, AlarmWindow.Resets(limit.Rule), decision.At);
            return true;
        }
    }

    /// <summary>Lets go of alarms with nothing to remember; true when none are left, and this is out of use.</summary>
    public bool Tend(Instant now)
    {
        lock (_gate)
        {
            foreach (var (place, alarm) in _alarms)
                if (alarm.IsAtRest(now) && _alarms.TryRemove(place, out _)) Grow_NeedsLock(-1);
            if (_count == 0) Volatile.Write(ref _isRetired, true);
            return _count == 0;
        }
    }

    /// <summary>Lets go of all: the rule has changed.</summary>
    public void Retire()
    {
        lock (_gate)
        {
            Volatile.Write(ref _isRetired, true);
            _alarms.Clear();
            Grow_NeedsLock(-_count);
        }
    }

    private Alarm? AlarmAt_NeedsLock((KeyId Key, string Limit) place, LimitRule limit, Instant at)
    {
        if (_alarms.TryGetValue(place, out var known)) return known;
        if (_count >= AlarmsMax || !watch.MayGrow)
        {
            // Once a window, not with each check.
            if (at < _droppedUntil) return null;
            _droppedUntil = AlarmWindow.Of(limit, at).End;
            watch.Counts.Drop();
            return null;
        }
        Grow_NeedsLock(1);
        return _alarms[place] = new Alarm(limit, rule.Thresholds);
    }

    private void Grow_NeedsLock(int by)
    {
        _count += by;
        watch.Grow(by);
    }
}
