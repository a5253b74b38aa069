using System.Globalization;
using Limiter.Domain;
using Limiter.Domain.Tenants;
using Limiter.Domain.Usage;
using Limiter.Engine.Ports;

namespace Limiter.Engine.InMemory;

/// <summary>Counted usage in this process's memory: as durable as the process.</summary>
/// <param name="clock">By which a row is in time or late.</param>
/// <param name="entriesMax">Most rows, and most totals of each grain, oldest out first; at least 1.</param>
public sealed class InMemoryUsage(TimeProvider clock, int entriesMax = InMemoryUsage.DefaultEntriesMax) : IUsageStore
{
    public const int DefaultEntriesMax = 500_000;

    private readonly Lock _gate = new();
    private readonly UsageShelf<UsageRow> _rows = new(UsageGrain.Minute, entriesMax);
    private readonly UsageShelf<StoredTotal>[] _totals =
    [
        new(UsageGrain.Hour, entriesMax), new(UsageGrain.Day, entriesMax), new(UsageGrain.Month, entriesMax),
    ];
    private readonly Dictionary<UsageGrain, Instant> _progress = [];
    private readonly Dictionary<(TenantId Tenant, Instant Hour), long> _late = [];
    private long _version;

    public ValueTask SaveRowsAsync(IReadOnlyList<UsageRow> rows, CancellationToken cancellation)
    {
        UsageBounds.CheckSave(rows.Count);
        return new ValueTask(Locked(() => Save(rows), cancellation).AsTask());
    }

    public ValueTask<UsagePage<UsageRow>> ListRowsAsync(
        TenantId tenant, Instant from, Instant until, string? after, int take, CancellationToken cancellation)
    {
        UsageBounds.CheckPage(take);
        return Locked(() => _rows.List(tenant, from, until, after, take), cancellation);
    }

    public ValueTask<UsagePage<UsagePart>> ListMinutesAsync(
        Instant from, Instant until, string? after, int take, CancellationToken cancellation)
    {
        UsageBounds.CheckMinutes(from, until);
        UsageBounds.CheckPage(take);
        var hour = UsagePeriod.Of(UsageGrain.Hour, from).Start;
        return Locked(
            () => _rows.Parts(hour, after, take, PartOf, place => place.Start >= from && place.Start < until),
            cancellation);
    }

    public ValueTask<UsagePage<StoredTotal>> ListTotalsAsync(
        TenantId tenant, UsageGrain grain, Instant from, Instant until, string? after, int take,
        CancellationToken cancellation)
    {
        UsageBounds.CheckPage(take);
        return Locked(() => TotalsOf(grain).List(tenant, from, until, after, take), cancellation);
    }

    public ValueTask<UsagePeriod?> FirstAsync(UsageGrain grain, Instant from, CancellationToken cancellation)
    {
        UsageBounds.CheckTotal(grain);
        return Locked<UsagePeriod?>(
            () => (grain == UsageGrain.Hour ? _rows.First(from) : TotalsOf(grain - 1).First(from)) is { } start
                ? new UsagePeriod(grain, start) : null,
            cancellation);
    }

    public ValueTask<UsagePage<UsagePart>> ListPartsAsync(
        UsagePeriod period, string? after, int take, CancellationToken cancellation)
    {
        UsageBounds.CheckTotal(period.Grain);
        UsageBounds.CheckPage(take);
        return Locked(
            () => period.Grain == UsageGrain.Hour
                ? _rows.Parts(period.Start, after, take, PartOf)
                : TotalsOf(period.Grain - 1).Parts(period.Start, after, take, PartOf),
            cancellation);
    }

    public ValueTask<IReadOnlyList<TenantId>> AddTotalsAsync(
        IReadOnlyList<UsageTotal> totals, CancellationToken cancellation)
    {
        UsageBounds.CheckSave(totals.Count);
        return Locked<IReadOnlyList<TenantId>>(
            () => [.. totals.Where(total => !TryAdd(total)).Select(total => total.Tenant)], cancellation);
    }

    public ValueTask<bool> ReplaceTotalAsync(UsageTotal total, string version, CancellationToken cancellation) =>
        Locked(
            () =>
            {
                var place = UsagePlace.Of(total.Tenant, total.Period, "");
                var shelf = TotalsOf(total.Period.Grain);
                if (shelf.Find(place)?.Version != version) return false;
                shelf.Put(place, new StoredTotal(total, NextVersion()));
                return true;
            },
            cancellation);

    public ValueTask<Instant?> ProgressAsync(UsageGrain grain, CancellationToken cancellation) => Locked<Instant?>(
        () => _progress.TryGetValue(grain, out var until) ? until : null, cancellation);

    public ValueTask SaveProgressAsync(UsageGrain grain, Instant until, CancellationToken cancellation) =>
        new(Locked(
            () => _progress[grain] = Instant.Max(until, _progress.GetValueOrDefault(grain, Instant.MinValue)),
            cancellation).AsTask());

    public ValueTask<int> DeleteAsync(
        UsageGrain grain, Instant before, int take, CancellationToken cancellation)
    {
        UsageBounds.CheckDelete(grain, take);
        return Locked(
            () => grain == UsageGrain.Minute ? _rows.Delete(before, take) : TotalsOf(grain).Delete(before, take),
            cancellation);
    }

    public ValueTask<IReadOnlyList<LateUsage>> ListLateAsync(int take, CancellationToken cancellation)
    {
        UsageBounds.CheckPage(take);
        return Locked<IReadOnlyList<LateUsage>>(
            () => [.. _late.Take(take).Select(late => new LateUsage(
                late.Key.Tenant, late.Key.Hour, late.Value.ToString(CultureInfo.InvariantCulture)))],
            cancellation);
    }

    public ValueTask ForgetLateAsync(LateUsage late, CancellationToken cancellation) => new(Locked(
        () =>
        {
            var place = (late.Tenant, late.Hour);
            return _late.TryGetValue(place, out var version)
                && version.ToString(CultureInfo.InvariantCulture) == late.Version && _late.Remove(place);
        },
        cancellation).AsTask());

    private int Save(IReadOnlyList<UsageRow> rows)
    {
        var now = Instant.From(clock.GetUtcNow());
        foreach (var row in rows)
        {
            var minute = UsagePeriod.Of(UsageGrain.Minute, row.Minute);
            var place = UsagePlace.Of(row.Tenant, minute, row.Writer.Encode());
            if (_rows.Find(place)?.Revision >= row.Revision) continue;
            _rows.Put(place, row);
            var hour = minute.In(UsageGrain.Hour);
            if (now - hour.End >= IUsageStore.LateMs) _late[(row.Tenant, hour.Start)] = ++_version;
        }
        return rows.Count;
    }

    private bool TryAdd(UsageTotal total)
    {
        var place = UsagePlace.Of(total.Tenant, total.Period, "");
        var shelf = TotalsOf(total.Period.Grain);
        if (shelf.Find(place) is not null) return false;
        shelf.Put(place, new StoredTotal(total, NextVersion()));
        return true;
    }

    private static UsagePart PartOf(UsageRow row) => new(row.Tenant, row.Sheet) { Start = row.Minute };

    private static UsagePart PartOf(StoredTotal stored) =>
        new(stored.Total.Tenant, stored.Total.Sheet) { Start = stored.Total.Period.Start };

    private string NextVersion() => (++_version).ToString(CultureInfo.InvariantCulture);

    private UsageShelf<StoredTotal> TotalsOf(UsageGrain grain)
    {
        UsageBounds.CheckTotal(grain);
        return _totals[(int)grain - 1];
    }

    private ValueTask<T> Locked<T>(Func<T> action, CancellationToken cancellation)
    {
        if (cancellation.IsCancellationRequested) return ValueTask.FromCanceled<T>(cancellation);
        lock (_gate) return ValueTask.FromResult(action());
    }
}
