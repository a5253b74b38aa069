using Limiter.Domain;
using Limiter.Domain.Tenants;
using Limiter.Domain.Usage;
using Limiter.Engine.Ports;
using Limiter.Tables.Rows;

namespace Limiter.Tables.Usage;

/// <summary>
/// Counted usage in Azure Table Storage, for any number of processes. See <see cref="TablesStore.Usage"/>. A page of a
/// list can end early, with less than was asked for and a place to go on, after
/// <see cref="UsageTable.PartitionsPerPageMax"/> hours of rows, days of hours or months of days.
/// </summary>
public sealed class TablesUsage : IUsageStore
{
    private readonly UsageTable[] _grains;
    private readonly RowTable _rows;
    private readonly TotalTable _totals;
    private readonly LateTable _late;
    private readonly ProgressTable _progress;

    internal TablesUsage(StoredTable table, TimeProvider clock)
    {
        _grains = [.. Enum.GetValues<UsageGrain>().Select(grain => new UsageTable(table, grain))];
        _late = new LateTable(table);
        _rows = new RowTable(table, _late, clock);
        _totals = new TotalTable(table);
        _progress = new ProgressTable(table, clock);
    }

    public async ValueTask SaveRowsAsync(IReadOnlyList<UsageRow> rows, CancellationToken cancellation)
    {
        UsageBounds.CheckSave(rows.Count);
        await _rows.SaveAsync(rows, cancellation).ConfigureAwait(false);
    }

    public ValueTask<UsagePage<UsageRow>> ListRowsAsync(
        TenantId tenant, Instant from, Instant until, string? after, int take, CancellationToken cancellation)
    {
        UsageBounds.CheckPage(take);
        return _grains[(int)UsageGrain.Minute].ListAsync(
            tenant, from, until, after, take, UsageRows.ReadRow, cancellation);
    }

    public ValueTask<UsagePage<UsagePart>> ListMinutesAsync(
        Instant from, Instant until, string? after, int take, CancellationToken cancellation)
    {
        UsageBounds.CheckMinutes(from, until);
        UsageBounds.CheckPage(take);
        return _grains[(int)UsageGrain.Minute].MinutesAsync(from, until, after, take, cancellation);
    }

    public ValueTask<UsagePage<StoredTotal>> ListTotalsAsync(
        TenantId tenant, UsageGrain grain, Instant from, Instant until, string? after, int take,
        CancellationToken cancellation)
    {
        UsageBounds.CheckTotal(grain);
        UsageBounds.CheckPage(take);
        return _grains[(int)grain].ListAsync(
            tenant, from, until, after, take, row => UsageRows.ReadTotal(grain, row), cancellation);
    }

    public async ValueTask<UsagePeriod?> FirstAsync(
        UsageGrain grain, Instant from, CancellationToken cancellation)
    {
        UsageBounds.CheckTotal(grain);
        return await PartsOf(grain).FirstAsync(from, cancellation).ConfigureAwait(false) is { } start
            ? new UsagePeriod(grain, start)
            : null;
    }

    public ValueTask<UsagePage<UsagePart>> ListPartsAsync(
        UsagePeriod period, string? after, int take, CancellationToken cancellation)
    {
        UsageBounds.CheckTotal(period.Grain);
        UsageBounds.CheckPage(take);
        return PartsOf(period.Grain).PartsAsync(period.Start, after, take, cancellation);
    }

    /// <remarks>
    /// A tenant can be named whose total this very call added, when the service's answer was lost.
    /// </remarks>
    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<TenantId>> AddTotalsAsync(
        IReadOnlyList<UsageTotal> totals, CancellationToken cancellation)
    {
        UsageBounds.CheckSave(totals.Count);
        UsageBounds.CheckTotal(totals[0].Period.Grain);
        return _totals.AddAsync(totals, cancellation);
    }

    /// <remarks>
    /// False also when this very call replaced the total and the service's answer was lost: the next reading shows it.
    /// </remarks>
    /// <inheritdoc/>
    public ValueTask<bool> ReplaceTotalAsync(UsageTotal total, string version, CancellationToken cancellation)
    {
        UsageBounds.CheckTotal(total.Period.Grain);
        return _totals.ReplaceAsync(total, version, cancellation);
    }

    public ValueTask<Instant?> ProgressAsync(UsageGrain grain, CancellationToken cancellation) =>
        _progress.FindAsync(grain, cancellation);

    public ValueTask SaveProgressAsync(UsageGrain grain, Instant until, CancellationToken cancellation) =>
        _progress.SaveAsync(grain, until, cancellation);

    public ValueTask<int> DeleteAsync(
        UsageGrain grain, Instant before, int take, CancellationToken cancellation)
    {
        UsageBounds.CheckDelete(grain, take);
        return _grains[(int)grain].DeleteAsync(before, take, cancellation);
    }

    public ValueTask<IReadOnlyList<LateUsage>> ListLateAsync(int take, CancellationToken cancellation)
    {
        UsageBounds.CheckPage(take);
        return _late.ListAsync(take, cancellation);
    }

    public ValueTask ForgetLateAsync(LateUsage late, CancellationToken cancellation) =>
        _late.ForgetAsync(late, cancellation);

    private UsageTable PartsOf(UsageGrain grain) => _grains[(int)grain - 1];
}
