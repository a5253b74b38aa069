using System.Security.Cryptography;
using Azure.Data.Tables;
using Limiter.Domain;
using Limiter.Domain.Tenants;
using Limiter.Tables.Rows;

namespace Limiter.Tables.Tenants;

/// <summary>
/// The rows that tell who changed what. Each tenant has a head row, which knows the next number, and so many slots.
/// A tenant's save writes both in its own transaction. Keys stand in other partitions: their changes are told before
/// they are made, so none goes untold, and taken back when they were not made after all.
/// </summary>
internal sealed class ChangeTable(StoredTable table, TimeProvider clock)
{
    private const string NextName = "Next";
    private const string StampName = "Stamp";

    // With every change so many rows are looked at, and those that are too old go: also of tenants long gone.
    private const int LookedAtOnce = 50;
    private const string Letters = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

    private volatile string? _lookedAt;

    public async Task<List<ChangeRecord>> PageAsync(
        TenantId tenant, long? before, Instant since, int take, CancellationToken cancellation)
    {
        var head = await table.FindAsync(TenantRow.Partition, ChangeRow.HeadOf(tenant), cancellation)
            .ConfigureAwait(false);
        if (head is null) return [];
        var next = NextOf(head);
        var end = Math.Min(before ?? next, next);
        var first = Math.Max(Math.Max(end - take, next - ChangeRecord.KeptMax), 1);
        if (first >= end) return [];
        var (from, to) = (ChangeRow.SlotOf(first), ChangeRow.SlotOf(end - 1));
        var rows = from <= to
            ? await SlotsAsync(tenant, from, to, cancellation).ConfigureAwait(false)
            :
            [
                .. await SlotsAsync(tenant, from, ChangeRecord.KeptMax - 1, cancellation).ConfigureAwait(false),
                .. await SlotsAsync(tenant, 0, to, cancellation).ConfigureAwait(false),
            ];
        // A slot may hold an older change, when the one that it should hold was taken back.
        return
        [
            .. rows.Select(row => ChangeRow.Read(row, tenant))
                .Where(change => change.Number >= first && change.Number < end && change.At >= since)
                .OrderByDescending(change => change.Number),
        ];
    }

    /// <summary>The steps that tell of a change, for the transaction that makes it.</summary>
    public async Task<List<TableTransactionAction>> StepsAsync(
        ChangeRecord? change, string stamp, CancellationToken cancellation)
    {
        if (change is null) return [];
        var head = await FindHeadAsync(change, cancellation).ConfigureAwait(false);
        return Steps(change with { Number = head is null ? 1 : NextOf(head) }, head, stamp);
    }

    /// <summary>Tells of a change that is about to be made; what is to be taken back if it is not.</summary>
    public async Task<ChangeRecord?> AddAsync(ChangeRecord? change, CancellationToken cancellation)
    {
        if (change is null) return null;
        var stamp = Stamp.New();
        for (var attempts = new Attempts($"changes of {change.Tenant}", clock); ;)
        {
            await attempts.NextAsync(cancellation).ConfigureAwait(false);
            var head = await FindHeadAsync(change, cancellation).ConfigureAwait(false);
            var next = head is null ? 1 : NextOf(head);
            // An earlier attempt took effect, and its answer was lost.
            if (head?.GetString(StampName) == stamp) return change with { Number = next - 1 };
            var told = change with { Number = next };
            var outcome = await table.TransactAsync(Steps(told, head, stamp), cancellation).ConfigureAwait(false);
            if (outcome == WriteOutcome.Done) return told;
        }
    }

    /// <summary>Takes back what was told of a change that was not made.</summary>
    public async Task TakeBackAsync(ChangeRecord? told, CancellationToken cancellation)
    {
        if (told is null) return;
        var slot = ChangeRow.SlotOf(told.Number);
        foreach (var row in await SlotsAsync(told.Tenant, slot, slot, cancellation).ConfigureAwait(false))
            if (ChangeRow.Read(row, told.Tenant).Number == told.Number)
                await table.DeleteAsync(row, cancellation).ConfigureAwait(false);
    }

    /// <summary>Looks at some rows after those of the last time, and deletes the outdated ones.</summary>
    public async Task DeleteSomeOutdatedAsync(Instant now, CancellationToken cancellation)
    {
        // Processes come and go: each begins anywhere, so that all places are looked at.
        var range = _lookedAt is { } last
            ? ChangeRow.All.After(last)
            : ChangeRow.From(Letters[RandomNumberGenerator.GetInt32(Letters.Length)]);
        var rows = await table.RangeAsync(TenantRow.Partition, range, LookedAtOnce, cancellation)
            .ConfigureAwait(false);
        _lookedAt = rows.Count < LookedAtOnce ? null : rows[^1].RowKey;
        var end = now.UnixMilliseconds - ChangeRecord.KeptMs;
        foreach (var row in rows.Where(row => row.GetInt64(ChangeRow.AtName) < end))
            await table.DeleteAsync(row, cancellation).ConfigureAwait(false);
    }

    // The head bears the time of the last change: it goes when all of its slots may.
    private static List<TableTransactionAction> Steps(ChangeRecord change, TableEntity? head, string stamp)
    {
        var next = new TableEntity(TenantRow.Partition, ChangeRow.HeadOf(change.Tenant))
        {
            [NextName] = change.Number + 1,
            [StampName] = stamp,
            [ChangeRow.AtName] = change.At.UnixMilliseconds,
        };
        return
        [
            head is null
                ? new TableTransactionAction(TableTransactionActionType.Add, next)
                : new TableTransactionAction(TableTransactionActionType.UpdateReplace, next, head.ETag),
            new TableTransactionAction(TableTransactionActionType.UpsertReplace, ChangeRow.ToEntity(change)),
        ];
    }

    private static long NextOf(TableEntity head) => Damage.Guard(head, row => row.Number(NextName));

    private Task<TableEntity?> FindHeadAsync(ChangeRecord change, CancellationToken cancellation) =>
        table.FindAsync(TenantRow.Partition, ChangeRow.HeadOf(change.Tenant), cancellation);

    private Task<List<TableEntity>> SlotsAsync(
        TenantId tenant, long first, long last, CancellationToken cancellation) => table.RangeAsync(
        TenantRow.Partition, ChangeRow.Slots(tenant, first, last), ChangeRecord.KeptMax, cancellation);
}
