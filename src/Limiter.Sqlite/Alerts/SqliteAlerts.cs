using System.Globalization;
using Limiter.Domain;
using Limiter.Domain.Alerts;
using Limiter.Domain.Tenants;
using Limiter.Engine.Ports;
using Limiter.Sqlite.Files;

namespace Limiter.Sqlite.Alerts;

/// <summary>Rules and outbox in the store's file. See <see cref="SqliteStore.Alerts"/>.</summary>
public sealed class SqliteAlerts : IAlertStore
{
    private readonly StoreAccess _store;

    internal SqliteAlerts(StoreAccess store) => _store = store;

    public ValueTask<StoredAlertRule?> FindRuleAsync(TenantId tenant, CancellationToken cancellation) =>
        _store.ReadAsync(database => AlertRuleTable.Find(database, tenant), cancellation);

    public ValueTask<IReadOnlyList<AlertRule>> ListRulesAsync(
        TenantId? after, int take, CancellationToken cancellation)
    {
        AlertBounds.CheckPage(take);
        return _store.ReadAsync<IReadOnlyList<AlertRule>>(
            database => AlertRuleTable.Page(database, after, take), cancellation);
    }

    public ValueTask<string> RulesVersionAsync(CancellationToken cancellation) => _store.ReadAsync(
        database => Text(Facts.Read(database, Facts.AlertRulesVersion).Number), cancellation);

    public ValueTask<bool> SaveRuleAsync(AlertRule rule, string? version, CancellationToken cancellation)
    {
        var encoded = AlertRuleCodec.Encode(rule);
        long? known = version is null ? null : long.Parse(version, NumberStyles.None, CultureInfo.InvariantCulture);
        return _store.ChangeAsync(
            database => AlertRuleTable.Save(database, rule.Tenant, encoded, known), cancellation);
    }

    public ValueTask<bool> RemoveRuleAsync(TenantId tenant, CancellationToken cancellation) =>
        _store.ChangeAsync(database => AlertRuleTable.Remove(database, tenant), cancellation);

    public ValueTask<bool> AddAsync(Alert alert, CancellationToken cancellation)
    {
        AlertBounds.CheckAdded(alert);
        return _store.ChangeAsync(database => AlertTable.Add(database, alert), cancellation);
    }

    public ValueTask<Alert?> FindAsync(TenantId tenant, string id, CancellationToken cancellation) =>
        _store.ReadAsync(database => AlertTable.Find(database, tenant, id), cancellation);

    public ValueTask<UsagePage<Alert>> ListAsync(
        TenantId tenant, string? after, int take, CancellationToken cancellation)
    {
        AlertBounds.CheckPage(take);
        var cursor = AlertCursor.Parse(after);
        return _store.ReadAsync(
            database =>
            {
                var items = AlertTable.Page(database, tenant, cursor, take);
                return new UsagePage<Alert>(items, items.Count < take ? null : AlertCursor.After(items[^1]));
            },
            cancellation);
    }

    public async ValueTask<IReadOnlyList<ClaimedAlert>> ClaimAsync(
        Instant now, Instant until, int take, Func<TenantId, bool> takes, CancellationToken cancellation)
    {
        AlertBounds.CheckPage(take);
        // Mostly nothing is due, and that is found out without the writer.
        var taken = await _store.ReadAsync(
            database => AlertTable.Due(database, now, take, takes), cancellation).ConfigureAwait(false);
        if (taken.Count == 0) return [];
        return await _store.ChangeAsync(
            database => AlertTable.Claim(database, taken, now, until), cancellation).ConfigureAwait(false);
    }

    public ValueTask<bool> SettleAsync(ClaimedAlert claimed, Alert after, CancellationToken cancellation)
    {
        var version = long.Parse(claimed.Version, NumberStyles.None, CultureInfo.InvariantCulture);
        return _store.ChangeAsync(database => AlertTable.Settle(database, after, version), cancellation);
    }

    public ValueTask<int> PostponeAsync(
        TenantId tenant, Instant now, Instant until, int take, CancellationToken cancellation)
    {
        AlertBounds.CheckPostponed(now, until, take);
        return _store.ChangeAsync(
            database => AlertTable.Postpone(database, tenant, now, until, take), cancellation);
    }

    public ValueTask<int> SweepAsync(Instant before, int take, CancellationToken cancellation)
    {
        AlertBounds.CheckPage(take);
        return _store.ChangeAsync(database => AlertTable.Sweep(database, before, take), cancellation);
    }

    public ValueTask<Instant?> SummarisedUntilAsync(CancellationToken cancellation) => _store.ReadAsync<Instant?>(
        database => Facts.Read(database, Facts.SummarisedUntil).Number is not 0 and var until
            ? new Instant(until) : null,
        cancellation);

    public async ValueTask SaveSummarisedUntilAsync(Instant until, CancellationToken cancellation) =>
        await _store.ChangeAsync(
            database =>
            {
                Facts.RaiseTo(database, Facts.SummarisedUntil, until.UnixMilliseconds);
                return true;
            },
            cancellation).ConfigureAwait(false);

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
