using Azure;
using Azure.Data.Tables;
using Limiter.Domain;
using Limiter.Domain.Alerts;
using Limiter.Domain.Tenants;
using Limiter.Engine.Ports;
using Limiter.Tables.Rows;

namespace Limiter.Tables.Alerts;

/// <summary>The outbox. Every change of an alert is one transaction over its rows.</summary>
internal sealed class OutboxTable(StoredTable table)
{
    private const int AtOnceMax = 8;

    // Three rows each, and what one transaction takes.
    private const int ByOne = 30;

    public async ValueTask<bool> AddAsync(Alert alert, CancellationToken cancellation)
    {
        TableTransactionAction[] steps =
        [
            Add(AlertRow.At(AlertKeys.Marker(alert.Tenant, alert.Id), alert)),
            Add(AlertRow.Write(alert, Stamp.New())),
            Add(AlertRow.At(AlertKeys.Place(alert), alert)),
        ];
        return await table.TransactAsync(steps, cancellation).ConfigureAwait(false) == WriteOutcome.Done;
    }

    public async ValueTask<Alert?> FindAsync(TenantId tenant, string id, CancellationToken cancellation)
    {
        var marker = await table.FindAsync(AlertKeys.Partition, AlertKeys.Marker(tenant, id), cancellation)
            .ConfigureAwait(false);
        if (marker is null) return null;
        var row = await FindRowAsync(tenant, id, marker, cancellation).ConfigureAwait(false);
        return row is null ? null : AlertRow.Read(row);
    }

    public async ValueTask<List<Alert>> PageAsync(
        TenantId tenant, AlertCursor? after, int take, CancellationToken cancellation)
    {
        var rows = await table.RangeAsync(AlertKeys.Partition, AlertKeys.RowsOf(tenant, after), take, cancellation)
            .ConfigureAwait(false);
        return rows.ConvertAll(AlertRow.Read);
    }

    public async ValueTask<IReadOnlyList<ClaimedAlert>> ClaimAsync(
        Instant now, Instant until, int take, Func<TenantId, bool> takes, CancellationToken cancellation)
    {
        var taken = new List<TableEntity>();
        var rest = AlertKeys.DueBy(now);
        for (var looked = 0; looked < IAlertStore.LookedAtMax && taken.Count < take;)
        {
            var page = await table.RangeAsync(AlertKeys.Partition, rest, IAlertStore.PageMax, cancellation)
                .ConfigureAwait(false);
            foreach (var place in page)
                if (taken.Count < take && takes(TenantOf(place))) taken.Add(place);
            if (page.Count < IAlertStore.PageMax) break;
            (looked, rest) = (looked + page.Count, rest.After(page[^1].RowKey));
        }
        var claimed = new ClaimedAlert?[taken.Count];
        var bounds = new ParallelOptions { MaxDegreeOfParallelism = AtOnceMax, CancellationToken = cancellation };
        await Parallel.ForAsync(0, taken.Count, bounds, async (i, ended) =>
            claimed[i] = await ClaimAsync(taken[i], until, ended).ConfigureAwait(false)).ConfigureAwait(false);
        return [.. claimed.OfType<ClaimedAlert>()];
    }

    public async ValueTask<bool> SettleAsync(
        Alert before, string version, Alert after, CancellationToken cancellation)
    {
        var row = await table.FindAsync(
            AlertKeys.Partition, AlertKeys.Row(before.Tenant, before.At, before.Id), cancellation)
            .ConfigureAwait(false);
        if (row is null || AlertRow.VersionOf(row) != version) return false;
        var next = Stamp.New();
        var outcome = await table.TransactAsync([.. Move(AlertKeys.Place(before), row, after, next)], cancellation)
            .ConfigureAwait(false);
        return outcome == WriteOutcome.Done;
    }

    public async ValueTask<int> PostponeAsync(
        TenantId tenant, Instant now, Instant until, int take, CancellationToken cancellation)
    {
        var due = await DueOfAsync(tenant, now, take, cancellation).ConfigureAwait(false);
        var moved = 0;
        foreach (var batch in due.Chunk(ByOne))
        {
            var steps = batch.SelectMany(row =>
            {
                var alert = AlertRow.Read(row);
                return Move(AlertKeys.Place(alert), row, alert with { DueAt = until }, Stamp.New());
            });
            var outcome = await table.TransactAsync([.. steps], cancellation).ConfigureAwait(false);
            // Another process claims or moves them as well.
            if (outcome != WriteOutcome.Done) break;
            moved += batch.Length;
        }
        return moved;
    }

    public async ValueTask<int> SweepAsync(Instant before, int take, CancellationToken cancellation)
    {
        var places = await table.RangeAsync(
            AlertKeys.Partition, AlertKeys.RaisedBefore(before), take, cancellation).ConfigureAwait(false);
        var swept = 0;
        foreach (var batch in places.Chunk(ByOne))
        {
            var steps = batch.SelectMany(place =>
            {
                var (tenant, id) = PlaceOf(place);
                return new[] { place.RowKey, AlertKeys.Marker(tenant, id), AlertKeys.Row(tenant, AtOf(place), id) };
            });
            var outcome = await table.TransactAsync([.. steps.Select(Delete)], cancellation).ConfigureAwait(false);
            // Another process sweeps as well: it goes on where this one would.
            if (outcome != WriteOutcome.Done) break;
            swept += batch.Length;
        }
        return swept;
    }

    private async ValueTask<ClaimedAlert?> ClaimAsync(
        TableEntity place, Instant until, CancellationToken cancellation)
    {
        var (tenant, id) = PlaceOf(place);
        if (await FindRowAsync(tenant, id, place, cancellation).ConfigureAwait(false) is not { } row) return null;
        var alert = AlertRow.Read(row);
        // Settled or claimed since it was listed.
        if (AlertKeys.Place(alert) != place.RowKey) return null;
        var mine = alert with { Attempts = alert.Attempts + 1, DueAt = until };
        var version = Stamp.New();
        var outcome = await table.TransactAsync([.. Move(place.RowKey, row, mine, version)], cancellation)
            .ConfigureAwait(false);
        return outcome == WriteOutcome.Done ? new ClaimedAlert(mine, version) : null;
    }

    private async ValueTask<List<TableEntity>> DueOfAsync(
        TenantId tenant, Instant now, int take, CancellationToken cancellation)
    {
        var due = new List<TableEntity>();
        var rest = AlertKeys.RowsOf(tenant, null);
        for (var looked = 0; looked < IAlertStore.LookedAtMax && due.Count < take;)
        {
            var page = await table.RangeAsync(AlertKeys.Partition, rest, IAlertStore.PageMax, cancellation)
                .ConfigureAwait(false);
            due.AddRange(page.Where(row => AlertRow.Read(row).DueAt <= now).Take(take - due.Count));
            if (page.Count < IAlertStore.PageMax) break;
            (looked, rest) = (looked + page.Count, rest.After(page[^1].RowKey));
        }
        return due;
    }

    /// <summary>The steps that change an alert and the place where it is found by its time.</summary>
    private static IEnumerable<TableTransactionAction> Move(
        string from, TableEntity row, Alert after, string version)
    {
        var to = AlertKeys.Place(after);
        yield return new TableTransactionAction(
            TableTransactionActionType.UpdateReplace, AlertRow.Write(after, version), row.ETag);
        if (to == from) yield break;
        yield return Delete(from);
        yield return Add(AlertRow.At(to, after));
    }

    private Task<TableEntity?> FindRowAsync(
        TenantId tenant, string id, TableEntity withTime, CancellationToken cancellation) => table.FindAsync(
        AlertKeys.Partition, AlertKeys.Row(tenant, AtOf(withTime), id), cancellation);

    private static TenantId TenantOf(TableEntity place) => PlaceOf(place).Tenant;

    private static (TenantId Tenant, string Id) PlaceOf(TableEntity place) =>
        Damage.Guard(place, row => AlertKeys.ReadPlace(row.RowKey));

    private static Instant AtOf(TableEntity row) =>
        Damage.Guard(row, row => new Instant(row.Number(AlertRow.AtName)));

    private static TableTransactionAction Add(TableEntity row) => new(TableTransactionActionType.Add, row);

    private static TableTransactionAction Delete(string row) =>
        new(TableTransactionActionType.Delete, new TableEntity(AlertKeys.Partition, row), ETag.All);
}
