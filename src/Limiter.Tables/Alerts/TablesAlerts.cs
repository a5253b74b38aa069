using Azure.Data.Tables;
using Limiter.Domain;
using Limiter.Domain.Alerts;
using Limiter.Domain.Tenants;
using Limiter.Engine.Ports;
using Limiter.Tables.Rows;

namespace Limiter.Tables.Alerts;

/// <summary>
/// Rules and outbox in Azure Table Storage, for any number of processes. See <see cref="TablesStore.Alerts"/>.
/// </summary>
public sealed class TablesAlerts : IAlertStore
{
    private const string ProgressPartition = "progress";
    private const string SummariesRow = "summaries";
    private const string UntilName = "Until";

    private readonly StoredTable _table;
    private readonly RuleTable _rules;
    private readonly OutboxTable _outbox;
    private readonly TimeProvider _clock;

    internal TablesAlerts(StoredTable table, TimeProvider clock)
    {
        (_table, _clock) = (table, clock);
        (_rules, _outbox) = (new RuleTable(table, clock), new OutboxTable(table));
    }

    public ValueTask<StoredAlertRule?> FindRuleAsync(TenantId tenant, CancellationToken cancellation) =>
        _rules.FindAsync(tenant, cancellation);

    public async ValueTask<IReadOnlyList<AlertRule>> ListRulesAsync(
        TenantId? after, int take, CancellationToken cancellation)
    {
        AlertBounds.CheckPage(take);
        return await _rules.PageAsync(after, take, cancellation).ConfigureAwait(false);
    }

    public ValueTask<string> RulesVersionAsync(CancellationToken cancellation) => _rules.StampAsync(cancellation);

    /// <remarks>False also when this very call saved it and the service's answer was lost.</remarks>
    /// <inheritdoc/>
    public ValueTask<bool> SaveRuleAsync(AlertRule rule, string? version, CancellationToken cancellation) =>
        _rules.SaveAsync(rule, version, cancellation);

    public ValueTask<bool> RemoveRuleAsync(TenantId tenant, CancellationToken cancellation) =>
        _rules.RemoveAsync(tenant, cancellation);

    /// <remarks>False also when this very call added it and the service's answer was lost.</remarks>
    /// <inheritdoc/>
    public ValueTask<bool> AddAsync(Alert alert, CancellationToken cancellation)
    {
        AlertBounds.CheckAdded(alert);
        return _outbox.AddAsync(alert, cancellation);
    }

    public ValueTask<Alert?> FindAsync(TenantId tenant, string id, CancellationToken cancellation) =>
        _outbox.FindAsync(tenant, id, cancellation);

    public async ValueTask<UsagePage<Alert>> ListAsync(
        TenantId tenant, string? after, int take, CancellationToken cancellation)
    {
        AlertBounds.CheckPage(take);
        var items = await _outbox.PageAsync(tenant, AlertCursor.Parse(after), take, cancellation)
            .ConfigureAwait(false);
        return new UsagePage<Alert>(items, items.Count < take ? null : AlertCursor.After(items[^1]));
    }

    /// <remarks>
    /// A claim whose answer was lost is nobody's: what it took is due again when it ends.
    /// </remarks>
    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<ClaimedAlert>> ClaimAsync(
        Instant now, Instant until, int take, Func<TenantId, bool> takes, CancellationToken cancellation)
    {
        AlertBounds.CheckPage(take);
        return _outbox.ClaimAsync(now, until, take, takes, cancellation);
    }

    /// <remarks>False also when this very call settled it and the service's answer was lost.</remarks>
    /// <inheritdoc/>
    public ValueTask<bool> SettleAsync(ClaimedAlert claimed, Alert after, CancellationToken cancellation) =>
        _outbox.SettleAsync(claimed.Alert, claimed.Version, after, cancellation);

    /// <remarks>Among the tenant's latest <see cref="IAlertStore.LookedAtMax"/> alerts.</remarks>
    /// <inheritdoc/>
    public ValueTask<int> PostponeAsync(
        TenantId tenant, Instant now, Instant until, int take, CancellationToken cancellation)
    {
        AlertBounds.CheckPostponed(now, until, take);
        return _outbox.PostponeAsync(tenant, now, until, take, cancellation);
    }

    public ValueTask<int> SweepAsync(Instant before, int take, CancellationToken cancellation)
    {
        AlertBounds.CheckPage(take);
        return _outbox.SweepAsync(before, take, cancellation);
    }

    public async ValueTask<Instant?> SummarisedUntilAsync(CancellationToken cancellation) =>
        await FindProgressAsync(cancellation).ConfigureAwait(false) is { } row ? UntilOf(row) : null;

    public async ValueTask SaveSummarisedUntilAsync(Instant until, CancellationToken cancellation)
    {
        for (var attempts = new Attempts("the progress of summaries", _clock); ;)
        {
            await attempts.NextAsync(cancellation).ConfigureAwait(false);
            var row = await FindProgressAsync(cancellation).ConfigureAwait(false);
            if (row is not null && UntilOf(row) >= until) return;
            var next = new TableEntity(ProgressPartition, SummariesRow) { [UntilName] = until.UnixMilliseconds };
            var outcome = row is null
                ? await _table.AddAsync(next, cancellation).ConfigureAwait(false)
                : await _table.ReplaceAsync(next, row.ETag, cancellation).ConfigureAwait(false);
            if (outcome == WriteOutcome.Done) return;
        }
    }

    private Task<TableEntity?> FindProgressAsync(CancellationToken cancellation) =>
        _table.FindAsync(ProgressPartition, SummariesRow, cancellation);

    private static Instant UntilOf(TableEntity row) => Damage.Guard(row, row => new Instant(row.Number(UntilName)));
}
