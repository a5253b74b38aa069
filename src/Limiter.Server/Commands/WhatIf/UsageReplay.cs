using Limiter.Domain;
using Limiter.Domain.Policies;
using Limiter.Domain.Tenants;
using Limiter.Domain.Usage;
using Limiter.Sqlite.Usage;

namespace Limiter.Server.Commands.WhatIf;

/// <summary>
/// Replays the recorded minutes of all tenants, one tenant after another: memory holds one tenant's buckets and the
/// worst results.
/// </summary>
internal sealed class UsageReplay(RecordedUsage usage, Policy policy, ReplayOptions options)
{
    private const int PageSize = 1_000;

    private readonly RecordedRule _rules = new(policy);

    /// <param name="from">First minute.</param>
    /// <param name="until">First minute that does not count.</param>
    /// <param name="sum">Takes each tenant's result.</param>
    /// <param name="onMinute">Told after each minute.</param>
    /// <param name="cancellation">Ends it.</param>
    public async Task RunAsync(
        Instant from, Instant until, ReplaySum sum, Action<TenantReplay> onMinute, CancellationToken cancellation)
    {
        TenantId? after = null;
        while (true)
        {
            var tenants = await usage.ListTenantsAsync(after, PageSize, cancellation).ConfigureAwait(false);
            foreach (var tenant in tenants)
            {
                var replay = new TenantReplay(policy, _rules, tenant, options);
                await RunAsync(replay, from, until, onMinute, cancellation).ConfigureAwait(false);
                replay.End();
                sum.Add(replay);
            }
            if (tenants.Count < PageSize) return;
            after = tenants[^1].Id;
        }
    }

    private async Task RunAsync(
        TenantReplay replay, Instant from, Instant until, Action<TenantReplay> onMinute, CancellationToken cancellation)
    {
        // A minute has a row of each edge that counted in it, one after another, on one page or two.
        var (minute, sheets) = (Instant.MinValue, new UsageSum());
        string? after = null;
        do
        {
            var page = await usage.ListRowsAsync(replay.Tenant.Id, from, until, after, PageSize, cancellation)
                .ConfigureAwait(false);
            foreach (var row in page.Items)
            {
                if (row.Minute != minute) Flush();
                minute = row.Minute;
                sheets.Add(row.Sheet);
            }
            after = page.Next;
        }
        while (after is not null);
        Flush();

        void Flush()
        {
            if (minute == Instant.MinValue) return;
            replay.Add(minute, sheets.ToSheet(), cancellation);
            sheets = new UsageSum();
            onMinute(replay);
        }
    }
}
