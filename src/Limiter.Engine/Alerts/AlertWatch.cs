using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using Limiter.Domain;
using Limiter.Domain.Alerts;
using Limiter.Domain.Decisions;
using Limiter.Domain.Tenants;
using Limiter.Engine.Callers;
using Limiter.Engine.Ports;

namespace Limiter.Engine.Alerts;

/// <summary>
/// Looks at what this edge decides for thresholds that are crossed, and adds what is to be told to the outbox, behind
/// the answers. What several edges find at once has one id, and the outbox takes it once. Thread-safe.
/// </summary>
[SuppressMessage("Design", "CA1001", Justification = "A semaphore whose handle is never asked for holds nothing.")]
public sealed partial class AlertWatch : IAsyncDisposable
{
    /// <summary>Most crossings that wait to be added to the outbox; further ones are dropped and counted.</summary>
    public const int QueueMax = 10_000;

    /// <summary>Most limits that are watched at once, of all tenants and keys.</summary>
    public const int AlarmsMax = 100_000;

    /// <summary>
    /// Most alerts of one tenant that this edge adds in a UTC day; further ones are dropped and counted.
    /// </summary>
    public const int AlertsPerDayMax = 200;

    /// <summary>Most rules of tenants that are read; the tenants of further ones go by the rule for all.</summary>
    public const int RulesMax = 100_000;

    private static readonly TimeSpan LookInterval = TimeSpan.FromSeconds(1);

    private readonly IAlertStore _store;
    private readonly TimeProvider _clock;
    private readonly Action<Exception> _onFailure;
    private readonly ConcurrentDictionary<TenantId, TenantAlarms> _tenants = new();
    private readonly ConcurrentQueue<Crossing> _queue = new();
    private readonly Lock _adopting = new();
    private readonly ITimer _looking;
    private RulesInForce _rules;
    private int _adoptions;
    private int _alarms;
    private int _queued;

    /// <param name="store">Rules and outbox.</param>
    /// <param name="clock">The time of decisions.</param>
    /// <param name="otherwise">The rule of tenants that have none of their own.</param>
    /// <param name="onFailure">Told of a store that fails, once an outage; must not throw.</param>
    public AlertWatch(
        IAlertStore store, TimeProvider clock, AlertRule otherwise, Action<Exception>? onFailure = null)
    {
        (_store, _clock) = (store, clock);
        _onFailure = onFailure ?? (static _ => { });
        _rules = new RulesInForce(otherwise, []);
        _nextRefresh = _nextTending = Now();
        _looking = clock.CreateTimer(_ => _ = LookAsync(), null, LookInterval, LookInterval);
    }

    /// <summary>What became of alerts in this process, deliveries included.</summary>
    public AlertCounts Counts { get; } = new();

    /// <summary>The rule of tenants that have none of their own.</summary>
    public AlertRule Otherwise => Volatile.Read(ref _rules).Otherwise;

    /// <summary>Every rule of a tenant's own, as this edge last read them.</summary>
    public IEnumerable<AlertRule> Own => Volatile.Read(ref _rules).Own;

    /// <summary>A tenant's own rule as this edge last read it; null when it has none.</summary>
    public AlertRule? OwnOf(TenantId tenant) => Volatile.Read(ref _rules).OwnOf(tenant);

    /// <summary>A rule was changed on this edge: it holds from the next decision on. Null: it was removed.</summary>
    public void Adopt(TenantId tenant, AlertRule? rule)
    {
        lock (_adopting)
        {
            _adoptions++;
            Volatile.Write(ref _rules, _rules.With(tenant, rule));
        }
    }

    public ValueTask DisposeAsync() => _looking.DisposeAsync();

    internal bool MayGrow => Volatile.Read(ref _alarms) < AlarmsMax;

    internal void Grow(int by) => Interlocked.Add(ref _alarms, by);

    /// <summary>A check of a tenant was decided. Allocates nothing unless a threshold is crossed.</summary>
    internal void Look(Caller caller, Decision decision)
    {
        // Callers without a name are nobody's to be told of; and while the bucket is away its limits' use is not known.
        if (caller.Record is null || decision.Mode == DecisionMode.Degraded) return;
        var rules = Volatile.Read(ref _rules);
        var look = caller.Alarms is { } known && known.Rules == rules ? known : LookOf(caller, rules);
        foreach (ref readonly var status in decision.Limits)
            if (look.Concerns(status)) look = Consider(caller, look, decision, status);
    }

    private AlarmLook Consider(Caller caller, AlarmLook look, Decision decision, in LimitStatus status)
    {
        if (!look.Counts(status)) return look;
        var isReached = look.IsReached(status);
        while (true)
        {
            if (look.Alarms is not { IsRetired: false } alarms)
            {
                if (!isReached) return caller.Alarms = look.Rules.LookOf(caller.Tenant);
                // A tenant that is not watched yet would be one more, even without an alarm.
                if (!MayGrow && !_tenants.ContainsKey(caller.Tenant))
                    return Dropped(caller, look, AlarmWindow.Of(status.Limit.Rule, decision.At).End, decision.At);
                look = Raised(caller, look);
                continue;
            }
            if (!alarms.TryConsider(decision, status, isReached, out var crossing)) continue;
            if (crossing is not null) Enqueue(crossing);
            return look;
        }
    }

    private AlarmLook Dropped(Caller caller, AlarmLook look, Instant windowEnd, Instant at)
    {
        if (at < look.DroppedUntil) return look;
        Counts.Drop();
        return caller.Alarms = new AlarmLook(look.Rules, look.Rule, null) { DroppedUntil = windowEnd };
    }

    private AlarmLook LookOf(Caller caller, RulesInForce rules)
    {
        var look = rules.LookOf(caller.Tenant);
        if (_tenants.TryGetValue(caller.Tenant, out var alarms))
        {
            if (alarms.Rule.Equals(look.Rule)) look = new AlarmLook(rules, look.Rule, alarms);
            else Remove(alarms);
        }
        return caller.Alarms = look;
    }

    private AlarmLook Raised(Caller caller, AlarmLook look)
    {
        while (true)
        {
            var alarms = _tenants.GetOrAdd(
                caller.Tenant, static (tenant, of) => new TenantAlarms(tenant, of.Rule, of.Watch),
                (look.Rule, Watch: this));
            if (!alarms.IsRetired && alarms.Rule.Equals(look.Rule))
                return caller.Alarms = new AlarmLook(look.Rules, look.Rule, alarms);
            Remove(alarms);
        }
    }

    private void Remove(TenantAlarms alarms)
    {
        alarms.Retire();
        _tenants.TryRemove(new KeyValuePair<TenantId, TenantAlarms>(alarms.Tenant, alarms));
    }

    private void Enqueue(Crossing crossing)
    {
        if (Interlocked.Increment(ref _queued) <= QueueMax)
        {
            _queue.Enqueue(crossing);
            return;
        }
        Interlocked.Decrement(ref _queued);
        Counts.Drop();
    }

    private Instant Now() => Instant.From(_clock.GetUtcNow());
}
