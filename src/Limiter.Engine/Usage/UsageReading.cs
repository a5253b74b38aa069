using System.Runtime.CompilerServices;
using Limiter.Domain;
using Limiter.Domain.Tenants;
using Limiter.Domain.Usage;
using Limiter.Engine.Ports;

namespace Limiter.Engine.Usage;

/// <summary>
/// A tenant's usage: totals as far as they are summed up, and what is finer from there on. Every count is taken from
/// one grain only, so none is missing and none counted twice.
/// </summary>
public sealed class UsageReading
{
    private readonly IUsageStore _store;
    private readonly TenantId _tenant;
    private readonly Instant _hours;
    private readonly Instant _days;
    private readonly Instant _minutes;

    /// <param name="store">The usage.</param>
    /// <param name="tenant">Whose.</param>
    /// <param name="hours">Up to which time hours are summed up.</param>
    /// <param name="days">Up to which time days are closed.</param>
    /// <param name="minutes">Up to which time every edge has saved its rows.</param>
    internal UsageReading(IUsageStore store, TenantId tenant, Instant hours, Instant days, Instant minutes) =>
        (_store, _tenant, _hours, _days, _minutes) = (store, tenant, hours, days, minutes);

    /// <summary>What was counted in all of some time, from the coarsest totals that fit.</summary>
    /// <param name="from">A minute's start.</param>
    /// <param name="until">A minute's start, the first that does not count.</param>
    /// <exception cref="StoreUnavailableException">The usage cannot be reached.</exception>
    public async ValueTask<UsageSheet> TotalAsync(Instant from, Instant until, CancellationToken cancellation)
    {
        var sum = new UsageSum();
        await AddAsync(sum, UsageGrain.Month, from, until, cancellation).ConfigureAwait(false);
        return sum.ToSheet();
    }

    /// <summary>The periods of some time in which anything was counted, in order.</summary>
    /// <param name="grain">Their grain.</param>
    /// <param name="from">A period's start.</param>
    /// <param name="until">A period's start, the first that does not count.</param>
    /// <exception cref="StoreUnavailableException">The usage cannot be reached.</exception>
    public IAsyncEnumerable<UsageEntry> EntriesAsync(
        UsageGrain grain, Instant from, Instant until, CancellationToken cancellation) =>
        grain == UsageGrain.Minute ? MinutesAsync(from, until, cancellation)
            : TotalsAsync(grain, from, until, cancellation);

    private async ValueTask AddAsync(
        UsageSum sum, UsageGrain grain, Instant from, Instant until, CancellationToken cancellation)
    {
        if (from >= until) return;
        if (grain == UsageGrain.Minute)
        {
            await foreach (var row in RowsAsync(from, until, cancellation).ConfigureAwait(false)) sum.Add(row.Sheet);
            return;
        }
        var first = UsagePeriod.From(grain, from).Start;
        var last = Instant.Min(SummedUntil(grain), UsagePeriod.Of(grain, until).Start);
        if (first >= last)
        {
            await AddAsync(sum, grain - 1, from, until, cancellation).ConfigureAwait(false);
            return;
        }
        await AddAsync(sum, grain - 1, from, first, cancellation).ConfigureAwait(false);
        await foreach (var total in StoredAsync(grain, first, last, cancellation).ConfigureAwait(false))
            sum.Add(total.Sheet);
        await AddAsync(sum, grain - 1, last, until, cancellation).ConfigureAwait(false);
    }

    private async IAsyncEnumerable<UsageEntry> TotalsAsync(
        UsageGrain grain, Instant from, Instant until, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var summed = SummedUntil(grain);
        await foreach (var total in StoredAsync(grain, from, Instant.Min(until, summed), cancellation)
            .ConfigureAwait(false))
            yield return new UsageEntry(total.Period, total.Sheet, true, (total as DailyUsage)?.Charged);
        PartSum? open = null;
        var isClosed = true;
        await foreach (var part in EntriesAsync(grain - 1, Instant.Max(from, summed), until, cancellation)
            .ConfigureAwait(false))
        {
            var period = part.Period.In(grain);
            if (open is not null && open.Period != period) yield return EntryOf(open, isClosed);
            if (open?.Period != period) (open, isClosed) = (new PartSum(period), true);
            open!.Add(part.Period.Start, part.Sheet);
            isClosed &= part.IsClosed;
        }
        if (open is not null) yield return EntryOf(open, isClosed);
    }

    // Days are closed one by one as they are used, so a month that is over is as closed as its days.
    private UsageEntry EntryOf(PartSum sum, bool areClosed) => new(
        sum.Period, sum.ToSheet(), areClosed && sum.Period.Grain == UsageGrain.Month && sum.Period.End <= _minutes);

    // A minute has a row of every edge that counted in it.
    private async IAsyncEnumerable<UsageEntry> MinutesAsync(
        Instant from, Instant until, [EnumeratorCancellation] CancellationToken cancellation)
    {
        PartSum? open = null;
        await foreach (var row in RowsAsync(from, until, cancellation).ConfigureAwait(false))
        {
            if (open is not null && open.Period.Start != row.Minute) yield return MinuteOf(open);
            if (open?.Period.Start != row.Minute)
                open = new PartSum(UsagePeriod.Of(UsageGrain.Minute, row.Minute));
            open!.Add(row.Minute, row.Sheet);
        }
        if (open is not null) yield return MinuteOf(open);
    }

    private UsageEntry MinuteOf(PartSum sum) => new(sum.Period, sum.ToSheet(), sum.Period.End <= _minutes);

    private async IAsyncEnumerable<UsageRow> RowsAsync(
        Instant from, Instant until, [EnumeratorCancellation] CancellationToken cancellation)
    {
        if (from >= until) yield break;
        string? after = null;
        do
        {
            var page = await _store.ListRowsAsync(_tenant, from, until, after, IUsageStore.PageMax, cancellation)
                .ConfigureAwait(false);
            foreach (var row in page.Items) yield return row;
            after = page.Next;
        }
        while (after is not null);
    }

    private async IAsyncEnumerable<UsageTotal> StoredAsync(
        UsageGrain grain, Instant from, Instant until, [EnumeratorCancellation] CancellationToken cancellation)
    {
        if (from >= until) yield break;
        string? after = null;
        do
        {
            var page = await _store
                .ListTotalsAsync(_tenant, grain, from, until, after, IUsageStore.PageMax, cancellation)
                .ConfigureAwait(false);
            foreach (var stored in page.Items) yield return stored.Total;
            after = page.Next;
        }
        while (after is not null);
    }

    // A month's total has the days that were closed, so it is whole when its last one is.
    private Instant SummedUntil(UsageGrain grain) => grain switch
    {
        UsageGrain.Hour => _hours,
        UsageGrain.Day => _days,
        _ => UsagePeriod.Of(UsageGrain.Month, _days).Start,
    };
}
