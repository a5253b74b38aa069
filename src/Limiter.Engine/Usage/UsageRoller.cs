using System.Runtime.ExceptionServices;
using Limiter.Domain;
using Limiter.Domain.Policies;
using Limiter.Domain.Usage;
using Limiter.Engine.Ports;

namespace Limiter.Engine.Usage;

/// <summary>
/// Sums minute rows up into hours, and closes days: their totals, what the buckets charged, and the month so far. To be
/// run again and again: late, twice, or by several processes at once comes to the same.
/// </summary>
/// <param name="store">The usage.</param>
/// <param name="charges">The buckets.</param>
/// <param name="directory">The tenants' keys, where these are buckets of their own.</param>
/// <param name="policy">The policy in force: it says which buckets count a tenant.</param>
/// <param name="clock">By which hours and days are over.</param>
/// <param name="onFailure">Told of buckets and rows that cannot be read; must not throw.</param>
public sealed class UsageRoller(
    IUsageStore store, IDayCharges charges, IDirectory directory, Func<Policy> policy, TimeProvider clock,
    Action<Exception>? onFailure = null)
{
    /// <summary>How long after its end an hour is summed up, in milliseconds: its last rows have been saved.</summary>
    public const long HourGraceMs = 5 * 60 * 1000;

    /// <summary>
    /// How long after its end a day is closed, in milliseconds (12 minutes): the longest lease has ended 30 s after
    /// midnight, and what an edge tells of it counts for 10 minutes more.
    /// </summary>
    public const long DayGraceMs = 12 * 60 * 1000;

    private const long ClocksApartMs = 60 * 1000;

    private readonly PeriodSums _sums = new(
        store, new ChargedDays(charges, directory, policy, onFailure ?? Ignore), onFailure ?? Ignore);

    /// <summary>Told each few seconds of a long run; must not throw.</summary>
    public Action<UsageProgress>? OnProgress { get; init; }

    /// <summary>Sums up every hour that is over, and again those of which rows came late.</summary>
    /// <returns>How many hours came to be summed up for the first time.</returns>
    /// <exception cref="StoreUnavailableException">The usage cannot be reached; the next run goes on.</exception>
    /// <exception cref="BucketsUnavailableException">The buckets cannot be reached; the next run goes on.</exception>
    public async Task<int> RollAsync(CancellationToken cancellation)
    {
        var hours = await RollAsync(UsageGrain.Hour, HourGraceMs, cancellation).ConfigureAwait(false);
        await RollLateAsync(cancellation).ConfigureAwait(false);
        return hours;
    }

    /// <summary>Closes every day that is over.</summary>
    /// <returns>How many days came to be closed.</returns>
    /// <inheritdoc cref="RollAsync(CancellationToken)"/>
    public async Task<int> CloseDaysAsync(CancellationToken cancellation)
    {
        await RollAsync(cancellation).ConfigureAwait(false);
        return await RollAsync(UsageGrain.Day, DayGraceMs, cancellation).ConfigureAwait(false);
    }

    private async Task<int> RollAsync(UsageGrain grain, long graceMs, CancellationToken cancellation)
    {
        var from = await store.ProgressAsync(grain, cancellation).ConfigureAwait(false) ?? new Instant(0);
        var rolled = 0;
        var meter = new WorkMeter($"roll-up into {grain}s", OnProgress, TimeProvider.System);
        while (await store.FirstAsync(grain, from, cancellation).ConfigureAwait(false) is { } period
            && Instant.From(clock.GetUtcNow()) - period.End >= graceMs)
        {
            await _sums.SumAsync(period, meter, cancellation).ConfigureAwait(false);
            if (grain == UsageGrain.Day)
                await _sums.SumAsync(period.In(UsageGrain.Month), meter, cancellation).ConfigureAwait(false);
            await store.SaveProgressAsync(grain, period.End, cancellation).ConfigureAwait(false);
            from = period.End;
            rolled++;
        }
        return rolled;
    }

    // One that cannot be summed up keeps its mark, and does not stand in the others' way.
    private async Task RollLateAsync(CancellationToken cancellation)
    {
        Exception? failure = null;
        foreach (var late in await store.ListLateAsync(IUsageStore.PageMax, cancellation).ConfigureAwait(false))
        {
            try
            {
                await RollAsync(late, cancellation).ConfigureAwait(false);
            }
            catch (RecordFailedException damage)
            {
                onFailure?.Invoke(damage);
            }
            catch (Exception e) when (e is StoreUnavailableException or BucketsUnavailableException)
            {
                failure ??= e;
            }
        }
        if (failure is not null) ExceptionDispatchInfo.Throw(failure);
    }

    private async Task RollAsync(LateUsage late, CancellationToken cancellation)
    {
        var hour = new UsagePeriod(UsageGrain.Hour, late.Hour);
        await _sums.SumAgainAsync(late.Tenant, hour, cancellation).ConfigureAwait(false);
        var day = hour.In(UsageGrain.Day);
        // Closed, or being closed by another process whose clock is ahead.
        if (Instant.From(clock.GetUtcNow()) - day.End >= DayGraceMs - ClocksApartMs)
        {
            await _sums.SumAgainAsync(late.Tenant, day, cancellation).ConfigureAwait(false);
            await _sums.SumAgainAsync(late.Tenant, hour.In(UsageGrain.Month), cancellation).ConfigureAwait(false);
        }
        await store.ForgetLateAsync(late, cancellation).ConfigureAwait(false);
    }

    private static void Ignore(Exception failure)
    {
    }
}
