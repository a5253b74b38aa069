using Limiter.Domain;
using Limiter.Domain.Alerts;
using Limiter.Domain.Tenants;
using Limiter.Domain.Usage;
using Limiter.Engine.Ports;

namespace Limiter.Engine.Alerts;

/// <summary>
/// Adds a summary of each closed day to the outbox, for each tenant that has usage of it and a rule that asks for one.
/// To be run again and again: late, twice or by several processes at once comes to the same, and days that were missed
/// are made up.
/// </summary>
/// <param name="alerts">Rules and outbox.</param>
/// <param name="usage">The closed days.</param>
/// <param name="directory">The tenants.</param>
/// <param name="watch">Knows the rule for all.</param>
/// <param name="clock">The time at which a summary is raised.</param>
public sealed class DailySummaries(
    IAlertStore alerts, IUsageStore usage, IDirectory directory, AlertWatch watch, TimeProvider clock)
{
    /// <summary>Most days that are made up; of earlier ones no summary is sent.</summary>
    public const int DaysMax = 31;

    private const int AtOnceMax = 8;
    private const int SweptAtOnce = 500;

    /// <summary>Adds the summaries of all days that were closed since, and forgets alerts that are too old.</summary>
    /// <returns>How many were added.</returns>
    /// <exception cref="StoreUnavailableException">A store cannot be reached; the next run goes on.</exception>
    public async Task<int> RunAsync(CancellationToken cancellation)
    {
        while (await alerts.SweepAsync(Now() + -Alert.KeptMs, SweptAtOnce, cancellation).ConfigureAwait(false)
            == SweptAtOnce)
        {
        }
        if (await usage.ProgressAsync(UsageGrain.Day, cancellation).ConfigureAwait(false) is not { } closed) return 0;
        var from = await alerts.SummarisedUntilAsync(cancellation).ConfigureAwait(false)
            ?? closed + -UsagePeriod.DayMs;
        var added = 0;
        for (var day = Instant.Max(from, closed + -DaysMax * UsagePeriod.DayMs); day < closed;)
        {
            added += await AddAllAsync(day, cancellation).ConfigureAwait(false);
            day += UsagePeriod.DayMs;
            await alerts.SaveSummarisedUntilAsync(day, cancellation).ConfigureAwait(false);
        }
        return added;
    }

    private async Task<int> AddAllAsync(Instant day, CancellationToken cancellation)
    {
        var added = 0;
        var bounds = new ParallelOptions { MaxDegreeOfParallelism = AtOnceMax, CancellationToken = cancellation };
        await Parallel.ForEachAsync(TenantsAsync(cancellation), bounds, async (tenant, ended) =>
        {
            if (await AddAsync(tenant, day, ended).ConfigureAwait(false)) Interlocked.Increment(ref added);
        }).ConfigureAwait(false);
        return added;
    }

    // Nearly always few tenants have a rule of their own; only a rule for all asks for a walk through the directory.
    private async IAsyncEnumerable<TenantId> TenantsAsync(
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellation)
    {
        if (!watch.Otherwise.Summary)
        {
            foreach (var rule in watch.Own)
                if (rule.Summary) yield return rule.Tenant;
            yield break;
        }
        TenantId? after = null;
        while (true)
        {
            var page = await directory.ListTenantsAsync(after, DirectoryBounds.PageMax, cancellation)
                .ConfigureAwait(false);
            foreach (var tenant in page)
                if ((watch.OwnOf(tenant.Id) ?? watch.Otherwise).Summary) yield return tenant.Id;
            if (page.Count < DirectoryBounds.PageMax) yield break;
            after = page[^1].Id;
        }
    }

    private async Task<bool> AddAsync(TenantId tenant, Instant day, CancellationToken cancellation)
    {
        var days = await usage.ListTotalsAsync(
            tenant, UsageGrain.Day, day, day + UsagePeriod.DayMs, null, 1, cancellation).ConfigureAwait(false);
        if (days.Items is not [{ Total: DailyUsage daily }] || daily.Sheet.Total.Checks == 0) return false;
        var id = AlertId.OfSummary(tenant, day);
        if (await alerts.FindAsync(tenant, id, cancellation).ConfigureAwait(false) is not null) return false;
        var record = await directory.FindTenantAsync(tenant, cancellation).ConfigureAwait(false);
        var body = AlertBody.OfSummary(id, daily, record?.Plan, Now());
        if (!await alerts.AddAsync(new Alert(tenant, id, AlertKind.Summary, Now(), body), cancellation)
            .ConfigureAwait(false)) return false;
        watch.Counts.Raise();
        return true;
    }

    private Instant Now() => Instant.From(clock.GetUtcNow());
}
