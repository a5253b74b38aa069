using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;
using Limiter.Domain.Tenants;
using Limiter.Domain.Usage;
using Limiter.Engine.Ports;

namespace Limiter.Engine.Usage;

/// <summary>
/// Sums periods up from their parts. A total that is there already is read before its parts are read again, and
/// replaced only if nobody else replaced it meanwhile: so what is seen last is what stays.
/// </summary>
internal sealed class PeriodSums(IUsageStore store, ChargedDays charged, Action<Exception> onFailure)
{
    /// <summary>Most tries at a total that others change too.</summary>
    private const int TriesMax = 8;

    /// <summary>Tenants whose totals are looked after at once.</summary>
    private const int AtOnceMax = 16;

    /// <summary>Sums a period up for every tenant for which that is possible.</summary>
    /// <exception cref="StoreUnavailableException">It was not possible for one; it is to be tried again.</exception>
    /// <exception cref="BucketsUnavailableException">As above.</exception>
    /// <param name="period">An hour, a day or a month.</param>
    /// <param name="meter">Told of the parts.</param>
    public async Task SumAsync(UsagePeriod period, WorkMeter meter, CancellationToken cancellation)
    {
        var failures = new ConcurrentQueue<Exception>();
        var batch = new List<(TenantId Tenant, UsageSheet Sheet)>();
        await foreach (var one in TenantsAsync(period, meter, cancellation).ConfigureAwait(false))
        {
            batch.Add(one);
            if (batch.Count < IUsageStore.SaveMax) continue;
            await AddAsync(period, batch, failures, cancellation).ConfigureAwait(false);
            batch.Clear();
        }
        if (batch.Count > 0) await AddAsync(period, batch, failures, cancellation).ConfigureAwait(false);
        if (failures.TryPeek(out var failure)) ExceptionDispatchInfo.Throw(failure);
    }

    /// <summary>Sums a tenant's period up, whether it was before or not.</summary>
    /// <exception cref="StoreUnavailableException">Others changed it each time.</exception>
    public async Task SumAgainAsync(TenantId tenant, UsagePeriod period, CancellationToken cancellation)
    {
        for (var tries = 0; tries < TriesMax; tries++)
        {
            var page = await store
                .ListTotalsAsync(tenant, period.Grain, period.Start, period.End, null, 1, cancellation)
                .ConfigureAwait(false);
            var known = page.Items.Count > 0 ? page.Items[0] : null;
            var sheet = await SheetAsync(tenant, period, cancellation).ConfigureAwait(false);
            // Counted checks never become fewer: parts of it are deleted, and the total is what is left of them.
            if (known is not null && sheet.Total.Checks < known.Total.Sheet.Total.Checks) return;
            var total = await TotalAsync(tenant, period, sheet, known?.Total, cancellation).ConfigureAwait(false);
            if (known is null)
            {
                var others = await store.AddTotalsAsync([total], cancellation).ConfigureAwait(false);
                if (others.Count == 0) return;
            }
            else if (AreAlike(known.Total, total)
                || await store.ReplaceTotalAsync(total, known.Version, cancellation).ConfigureAwait(false)) return;
        }
        throw new StoreUnavailableException(
            $"the {period.Grain} of {period.Start} of {tenant}: others changed it {TriesMax} times meanwhile");
    }

    private async Task AddAsync(
        UsagePeriod period, List<(TenantId Tenant, UsageSheet Sheet)> sheets, ConcurrentQueue<Exception> failures,
        CancellationToken cancellation)
    {
        var several = new ParallelOptions { MaxDegreeOfParallelism = AtOnceMax, CancellationToken = cancellation };
        var totals = new ConcurrentQueue<UsageTotal>();
        await Parallel.ForEachAsync(sheets, several, (one, stop) => TryAsync(failures, async () => totals.Enqueue(
            await TotalAsync(one.Tenant, period, one.Sheet, null, stop).ConfigureAwait(false)))).ConfigureAwait(false);
        if (totals.IsEmpty) return;
        var there = await store.AddTotalsAsync([.. totals], cancellation).ConfigureAwait(false);
        await Parallel.ForEachAsync(there, several, (tenant, stop) => TryAsync(
            failures, () => SumAgainAsync(tenant, period, stop))).ConfigureAwait(false);
    }

    // One tenant must not stand in the others' way: damage is told and left, what is out of reach is tried again.
    private async ValueTask TryAsync(ConcurrentQueue<Exception> failures, Func<Task> sum)
    {
        try
        {
            await sum().ConfigureAwait(false);
        }
        catch (RecordFailedException damage)
        {
            onFailure(damage);
        }
        catch (Exception e) when (e is StoreUnavailableException or BucketsUnavailableException)
        {
            failures.Enqueue(e);
        }
    }

    // What was charged stays as it was told first: a bucket forgets.
    private async ValueTask<UsageTotal> TotalAsync(
        TenantId tenant, UsagePeriod period, UsageSheet sheet, UsageTotal? known, CancellationToken cancellation) =>
        period.Grain != UsageGrain.Day
            ? new UsageTotal(tenant, period, sheet)
            : new DailyUsage(tenant, period.Start, sheet, (known as DailyUsage)?.Charged
                ?? await charged.FindAsync(tenant, period.Start, sheet, cancellation).ConfigureAwait(false));

    private async IAsyncEnumerable<(TenantId Tenant, UsageSheet Sheet)> TenantsAsync(
        UsagePeriod period, WorkMeter meter, [EnumeratorCancellation] CancellationToken cancellation)
    {
        (TenantId Tenant, PartSum Sum)? open = null;
        string? after = null;
        do
        {
            var page = await store.ListPartsAsync(period, after, IUsageStore.PageMax, cancellation)
                .ConfigureAwait(false);
            meter.Add(page.Items.Count);
            foreach (var part in page.Items)
            {
                if (part.Damage is not null)
                {
                    onFailure(part.Damage);
                    continue;
                }
                if (open is { } done && done.Tenant != part.Tenant)
                {
                    yield return (done.Tenant, done.Sum.ToSheet());
                    open = null;
                }
                open ??= (part.Tenant, new PartSum(period));
                open.Value.Sum.Add(part.Start, part.Sheet);
            }
            after = page.Next;
        }
        while (after is not null);
        if (open is { } last) yield return (last.Tenant, last.Sum.ToSheet());
    }

    private async Task<UsageSheet> SheetAsync(TenantId tenant, UsagePeriod period, CancellationToken cancellation)
    {
        var sum = new PartSum(period);
        string? after = null;
        do
        {
            after = period.Grain == UsageGrain.Hour
                ? Add(sum, await store.ListRowsAsync(
                    tenant, period.Start, period.End, after, IUsageStore.PageMax, cancellation).ConfigureAwait(false))
                : Add(sum, await store.ListTotalsAsync(
                    tenant, period.Grain - 1, period.Start, period.End, after, IUsageStore.PageMax, cancellation)
                    .ConfigureAwait(false));
        }
        while (after is not null);
        return sum.ToSheet();
    }

    private static string? Add(PartSum sum, UsagePage<UsageRow> page)
    {
        foreach (var row in page.Items) sum.Add(row.Minute, row.Sheet);
        return page.Next;
    }

    private static string? Add(PartSum sum, UsagePage<StoredTotal> page)
    {
        foreach (var stored in page.Items) sum.Add(stored.Total.Period.Start, stored.Total.Sheet);
        return page.Next;
    }

    private static bool AreAlike(UsageTotal known, UsageTotal total) =>
        (known as DailyUsage)?.Charged == (total as DailyUsage)?.Charged
        && UsageCodec.Encode(known.Sheet).AsSpan().SequenceEqual(UsageCodec.Encode(total.Sheet));
}
