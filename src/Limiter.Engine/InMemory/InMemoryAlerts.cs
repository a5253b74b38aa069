using System.Globalization;
using Limiter.Domain;
using Limiter.Domain.Alerts;
using Limiter.Domain.Tenants;
using Limiter.Engine.Ports;

namespace Limiter.Engine.InMemory;

/// <summary>Rules and outbox in this process's memory: as durable as the process. Thread-safe.</summary>
/// <param name="alertsMax">Most alerts, the earliest raised out first; at least 1.</param>
public sealed class InMemoryAlerts(int alertsMax = InMemoryAlerts.DefaultAlertsMax) : IAlertStore
{
    public const int DefaultAlertsMax = 100_000;

    private readonly Lock _gate = new();
    private readonly SortedDictionary<string, StoredAlertRule> _rules = new(StringComparer.Ordinal);
    private readonly Dictionary<(TenantId, string), AlertPlace> _places = [];
    private readonly SortedDictionary<AlertPlace, ClaimedAlert> _alerts = [];
    private readonly SortedSet<(Instant Due, AlertPlace Place)> _due = [];
    private Instant? _summarised;
    private string _rulesVersion = "0";
    private long _version;

    public ValueTask<StoredAlertRule?> FindRuleAsync(TenantId tenant, CancellationToken cancellation) =>
        Locked(() => _rules.GetValueOrDefault(tenant.Text), cancellation);

    public ValueTask<IReadOnlyList<AlertRule>> ListRulesAsync(
        TenantId? after, int take, CancellationToken cancellation)
    {
        AlertBounds.CheckPage(take);
        return Locked<IReadOnlyList<AlertRule>>(
            () =>
            [
                .. _rules.Where(rule => string.CompareOrdinal(rule.Key, after?.Text ?? "") > 0).Take(take)
                    .Select(rule => rule.Value.Rule),
            ],
            cancellation);
    }

    public ValueTask<string> RulesVersionAsync(CancellationToken cancellation) =>
        Locked(() => _rulesVersion, cancellation);

    public ValueTask<bool> SaveRuleAsync(AlertRule rule, string? version, CancellationToken cancellation) => Locked(
        () =>
        {
            if (_rules.GetValueOrDefault(rule.Tenant.Text)?.Version != version) return false;
            _rulesVersion = NextVersion();
            _rules[rule.Tenant.Text] = new StoredAlertRule(rule, _rulesVersion);
            return true;
        },
        cancellation);

    public ValueTask<bool> RemoveRuleAsync(TenantId tenant, CancellationToken cancellation) => Locked(
        () =>
        {
            if (!_rules.Remove(tenant.Text)) return false;
            _rulesVersion = NextVersion();
            return true;
        },
        cancellation);

    public ValueTask<bool> AddAsync(Alert alert, CancellationToken cancellation)
    {
        AlertBounds.CheckAdded(alert);
        return Locked(
            () =>
            {
                var place = AlertPlace.Of(alert);
                if (!_places.TryAdd((alert.Tenant, alert.Id), place)) return false;
                Put(place, alert);
                if (_alerts.Count > alertsMax) Remove(_alerts.Keys.MinBy(static one => one.At)!);
                return true;
            },
            cancellation);
    }

    public ValueTask<Alert?> FindAsync(TenantId tenant, string id, CancellationToken cancellation) => Locked(
        () => _places.TryGetValue((tenant, id), out var place) ? _alerts[place].Alert : null, cancellation);

    public ValueTask<UsagePage<Alert>> ListAsync(
        TenantId tenant, string? after, int take, CancellationToken cancellation)
    {
        AlertBounds.CheckPage(take);
        var from = AlertCursor.Parse(after);
        return Locked(
            () =>
            {
                var items = _alerts.Values.Select(one => one.Alert)
                    .Where(alert => alert.Tenant == tenant && (from is null || from.IsBefore(alert)))
                    .Take(take).ToList();
                return new UsagePage<Alert>(items, items.Count < take ? null : AlertCursor.After(items[^1]));
            },
            cancellation);
    }

    public ValueTask<IReadOnlyList<ClaimedAlert>> ClaimAsync(
        Instant now, Instant until, int take, Func<TenantId, bool> takes, CancellationToken cancellation)
    {
        AlertBounds.CheckPage(take);
        return Locked<IReadOnlyList<ClaimedAlert>>(
            () =>
            [
                .. _due.TakeWhile(one => one.Due <= now).Take(IAlertStore.LookedAtMax)
                    .Where(one => takes(one.Place.Tenant)).Take(take).ToList()
                    .Select(one =>
                    {
                        var alert = _alerts[one.Place].Alert;
                        return Put(one.Place, alert with { Attempts = alert.Attempts + 1, DueAt = until });
                    }),
            ],
            cancellation);
    }

    public ValueTask<bool> SettleAsync(ClaimedAlert claimed, Alert after, CancellationToken cancellation) => Locked(
        () =>
        {
            var place = AlertPlace.Of(claimed.Alert);
            if (_alerts.GetValueOrDefault(place)?.Version != claimed.Version) return false;
            Put(place, after);
            return true;
        },
        cancellation);

    public ValueTask<int> PostponeAsync(
        TenantId tenant, Instant now, Instant until, int take, CancellationToken cancellation)
    {
        AlertBounds.CheckPostponed(now, until, take);
        return Locked(
            () =>
            {
                var due = _due.TakeWhile(one => one.Due <= now).Where(one => one.Place.Tenant == tenant)
                    .Take(take).ToList();
                foreach (var (_, place) in due) Put(place, _alerts[place].Alert with { DueAt = until });
                return due.Count;
            },
            cancellation);
    }

    public ValueTask<int> SweepAsync(Instant before, int take, CancellationToken cancellation)
    {
        AlertBounds.CheckPage(take);
        return Locked(
            () =>
            {
                var old = _alerts.Where(one => one.Key.At < before && one.Value.Alert.DueAt is null)
                    .Select(one => one.Key).OrderBy(place => place.At).Take(take).ToList();
                old.ForEach(Remove);
                return old.Count;
            },
            cancellation);
    }

    public ValueTask<Instant?> SummarisedUntilAsync(CancellationToken cancellation) =>
        Locked(() => _summarised, cancellation);

    public ValueTask SaveSummarisedUntilAsync(Instant until, CancellationToken cancellation) => new(Locked(
        () => _summarised = Instant.Max(until, _summarised ?? Instant.MinValue), cancellation).AsTask());

    private ClaimedAlert Put(AlertPlace place, Alert alert)
    {
        if (_alerts.GetValueOrDefault(place)?.Alert.DueAt is { } before) _due.Remove((before, place));
        if (alert.DueAt is { } due) _due.Add((due, place));
        return _alerts[place] = new ClaimedAlert(alert, NextVersion());
    }

    private void Remove(AlertPlace place)
    {
        if (!_alerts.Remove(place, out var removed)) return;
        if (removed.Alert.DueAt is { } due) _due.Remove((due, place));
        _places.Remove((place.Tenant, place.Id));
    }

    private string NextVersion() => (++_version).ToString(CultureInfo.InvariantCulture);

    private ValueTask<T> Locked<T>(Func<T> action, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        lock (_gate) return new ValueTask<T>(action());
    }
}
