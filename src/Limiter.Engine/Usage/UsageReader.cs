using Limiter.Domain;
using Limiter.Domain.Tenants;
using Limiter.Domain.Usage;
using Limiter.Engine.Ports;

namespace Limiter.Engine.Usage;

/// <summary>Reads usage as it stands now: what is summed up, then finer rows, this process's last counts too.</summary>
/// <param name="store">The usage.</param>
/// <param name="tally">What this process counts; null for nothing.</param>
/// <param name="clock">By which a minute is over.</param>
public sealed class UsageReader(IUsageStore store, UsageTally? tally, TimeProvider clock)
{
    /// <summary>
    /// How long after its end a minute's rows are in, in milliseconds (10 s): every edge has saved by then what it
    /// counted.
    /// </summary>
    public const long MinuteGraceMs = 10 * 1000;

    // Rows are kept for longer, and more of them would take long to read.
    private const long LateRowsMs = 2 * UsagePeriod.DayMs;

    /// <summary>A view of a tenant's usage from now on.</summary>
    /// <exception cref="StoreUnavailableException">The usage cannot be reached.</exception>
    public async ValueTask<UsageReading> OpenAsync(TenantId tenant, CancellationToken cancellation)
    {
        if (tally is not null) await SaveAsync(tally, tenant, cancellation).ConfigureAwait(false);
        var now = Instant.From(clock.GetUtcNow());
        // Before anything else is read: what comes to be summed up meanwhile is then read from its parts, which stay.
        // Days first, since an hour is always summed up before its day.
        var days = await store.ProgressAsync(UsageGrain.Day, cancellation).ConfigureAwait(false) ?? default;
        var hours = await store.ProgressAsync(UsageGrain.Hour, cancellation).ConfigureAwait(false) ?? default;
        if (await FirstLateAsync(tenant, now, cancellation).ConfigureAwait(false) is { } late)
            (hours, days) = (Instant.Min(hours, late), Instant.Min(days, UsagePeriod.Of(UsageGrain.Day, late).Start));
        return new UsageReading(store, tenant, hours, days, now + -MinuteGraceMs);
    }

    // An hour with late rows is not whole before it is summed up again; until then its rows tell, which are kept.
    private async ValueTask<Instant?> FirstLateAsync(TenantId tenant, Instant now, CancellationToken cancellation)
    {
        Instant? first = null;
        var listed = await store.ListLateAsync(IUsageStore.PageMax, cancellation).ConfigureAwait(false);
        foreach (var late in listed)
            if (late.Tenant == tenant && now - late.Hour <= LateRowsMs)
                first = Instant.Min(first ?? late.Hour, late.Hour);
        return first;
    }

    // A store that takes no writes can still be read; what waits to be saved is then not in the answer.
    private static async ValueTask SaveAsync(UsageTally tally, TenantId tenant, CancellationToken cancellation)
    {
        try
        {
            await tally.SaveAsync(tenant, cancellation).ConfigureAwait(false);
        }
        catch (StoreUnavailableException)
        {
            // The tally tells of it at its next look, and tries again.
        }
    }
}
