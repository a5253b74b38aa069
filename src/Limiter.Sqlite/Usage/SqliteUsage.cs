using System.Globalization;
using Limiter.Domain;
using Limiter.Domain.Tenants;
using Limiter.Domain.Usage;
using Limiter.Engine.Ports;
using Limiter.Sqlite.Files;

namespace Limiter.Sqlite.Usage;

/// <summary>Counted usage in the store's file. See <see cref="SqliteStore.Usage"/>.</summary>
public sealed class SqliteUsage : IUsageStore
{
    private readonly StoreAccess _store;
    private readonly TimeProvider _clock;
    private readonly UsageRowTable _rows = new();
    private readonly UsageTotalTable[] _totals =
        [new(UsageGrain.Hour), new(UsageGrain.Day), new(UsageGrain.Month)];

    internal SqliteUsage(StoreAccess store, TimeProvider clock)
    {
        _store = store;
        _clock = clock;
    }

    public async ValueTask SaveRowsAsync(IReadOnlyList<UsageRow> rows, CancellationToken cancellation)
    {
        UsageBounds.CheckSave(rows.Count);
        // Encoded here: checks wait for what the writer's thread does.
        byte[][] sheets = [.. rows.Select(row => UsageCodec.Encode(row.Sheet))];
        await ChangeAsync(
            (database, now) =>
            {
                _rows.Save(database, rows, sheets);
                LateTable.Note(database, rows, now);
                return rows.Count;
            },
            cancellation).ConfigureAwait(false);
    }

    /// <exception cref="ArgumentException"><paramref name="after"/> is of no page of this list.</exception>
    /// <inheritdoc/>
    public ValueTask<UsagePage<UsageRow>> ListRowsAsync(
        TenantId tenant, Instant from, Instant until, string? after, int take, CancellationToken cancellation)
    {
        UsageBounds.CheckPage(take);
        var cursor = UsageCursor.Of(tenant, from, after);
        return _store.ReadAsync(database => _rows.List(database, cursor, until, take), cancellation);
    }

    /// <exception cref="ArgumentException"><paramref name="after"/> is no cursor.</exception>
    /// <inheritdoc/>
    public ValueTask<UsagePage<UsagePart>> ListMinutesAsync(
        Instant from, Instant until, string? after, int take, CancellationToken cancellation)
    {
        UsageBounds.CheckMinutes(from, until);
        UsageBounds.CheckPage(take);
        var cursor = after is null ? UsageCursor.At(default, from) : UsageCursor.Parse(after);
        return _store.ReadAsync(database => _rows.Minutes(database, from, until, cursor, take), cancellation);
    }

    /// <exception cref="ArgumentException"><paramref name="after"/> is of no page of this list.</exception>
    /// <inheritdoc/>
    public ValueTask<UsagePage<StoredTotal>> ListTotalsAsync(
        TenantId tenant, UsageGrain grain, Instant from, Instant until, string? after, int take,
        CancellationToken cancellation)
    {
        UsageBounds.CheckPage(take);
        var totals = TotalsOf(grain);
        var cursor = UsageCursor.Of(tenant, from, after);
        return _store.ReadAsync(database => totals.List(database, cursor, until, take), cancellation);
    }

    public ValueTask<UsagePeriod?> FirstAsync(UsageGrain grain, Instant from, CancellationToken cancellation)
    {
        UsageBounds.CheckTotal(grain);
        return _store.ReadAsync<UsagePeriod?>(
            database => (grain == UsageGrain.Hour
                ? _rows.First(database, from) : TotalsOf(grain - 1).First(database, from)) is { } start
                    ? new UsagePeriod(grain, start) : null,
            cancellation);
    }

    /// <exception cref="ArgumentException"><paramref name="after"/> is no cursor.</exception>
    /// <inheritdoc/>
    public ValueTask<UsagePage<UsagePart>> ListPartsAsync(
        UsagePeriod period, string? after, int take, CancellationToken cancellation)
    {
        UsageBounds.CheckTotal(period.Grain);
        UsageBounds.CheckPage(take);
        var cursor = after is null ? UsageCursor.First : UsageCursor.Parse(after);
        return _store.ReadAsync(
            database => period.Grain == UsageGrain.Hour
                ? _rows.Parts(database, period.Start, cursor, take)
                : TotalsOf(period.Grain - 1).Parts(database, period.Start, cursor, take),
            cancellation);
    }

    public async ValueTask<IReadOnlyList<TenantId>> AddTotalsAsync(
        IReadOnlyList<UsageTotal> totals, CancellationToken cancellation)
    {
        UsageBounds.CheckSave(totals.Count);
        var table = TotalsOf(totals[0].Period.Grain);
        foreach (var total in totals)
            if (total.Period != totals[0].Period)
                throw new ArgumentException("The totals are of several periods.", nameof(totals));
        byte[][] sheets = [.. totals.Select(total => UsageCodec.Encode(total.Sheet))];
        return await ChangeAsync((database, _) => table.Add(database, totals, sheets), cancellation)
            .ConfigureAwait(false);
    }

    public async ValueTask<bool> ReplaceTotalAsync(UsageTotal total, string version, CancellationToken cancellation)
    {
        var table = TotalsOf(total.Period.Grain);
        if (!TryParse(version, out var number)) return false;
        var sheet = UsageCodec.Encode(total.Sheet);
        return await ChangeAsync((database, _) => table.Replace(database, total, sheet, number), cancellation)
            .ConfigureAwait(false);
    }

    public ValueTask<Instant?> ProgressAsync(UsageGrain grain, CancellationToken cancellation) =>
        _store.ReadAsync(database => ProgressTable.Find(database, grain), cancellation);

    public async ValueTask SaveProgressAsync(UsageGrain grain, Instant until, CancellationToken cancellation) =>
        await ChangeAsync((database, _) => ProgressTable.Save(database, grain, until), cancellation)
            .ConfigureAwait(false);

    /// <remarks>The file keeps its size: what comes uses the room of what went.</remarks>
    /// <inheritdoc/>
    public async ValueTask<int> DeleteAsync(
        UsageGrain grain, Instant before, int take, CancellationToken cancellation)
    {
        UsageBounds.CheckDelete(grain, take);
        // Whoever has nothing to delete does not wait for those who write.
        var isOld = await _store.ReadAsync(
            database => (grain == UsageGrain.Minute
                ? _rows.First(database, default) : TotalsOf(grain).First(database, default)) < before,
            cancellation).ConfigureAwait(false);
        if (!isOld) return 0;
        return await ChangeAsync(
            (database, _) => grain == UsageGrain.Minute
                ? UsageRowTable.Delete(database, before, take) : TotalsOf(grain).Delete(database, before, take),
            cancellation).ConfigureAwait(false);
    }

    public ValueTask<IReadOnlyList<LateUsage>> ListLateAsync(int take, CancellationToken cancellation)
    {
        UsageBounds.CheckPage(take);
        return _store.ReadAsync<IReadOnlyList<LateUsage>>(database => LateTable.List(database, take), cancellation);
    }

    public async ValueTask ForgetLateAsync(LateUsage late, CancellationToken cancellation)
    {
        // A version that this store never gave was never listed either.
        if (!TryParse(late.Version, out var version)) return;
        await ChangeAsync((database, _) => LateTable.Forget(database, late.Tenant, late.Hour, version), cancellation)
            .ConfigureAwait(false);
    }

    private ValueTask<T> ChangeAsync<T>(Func<Database, Instant, T> change, CancellationToken cancellation) =>
        _store.ChangeAsync(
            database =>
            {
                var now = Instant.From(_clock.GetUtcNow());
                var result = change(database, now);
                Facts.SaveTime(database, now);
                return result;
            },
            cancellation);

    private UsageTotalTable TotalsOf(UsageGrain grain)
    {
        UsageBounds.CheckTotal(grain);
        return _totals[grain - UsageGrain.Hour];
    }

    private static bool TryParse(string version, out long number) =>
        long.TryParse(version, NumberStyles.None, CultureInfo.InvariantCulture, out number);
}
