using Limiter.Domain;
using Limiter.Domain.Usage;
using Limiter.Engine.Ports;

namespace Limiter.Engine.Usage;

/// <summary>
/// Deletes usage that has been kept for long enough, where the coarser grain has it. To be run again and again: late,
/// twice, or by several processes at once comes to the same.
/// </summary>
/// <param name="store">The usage.</param>
/// <param name="kept">For how long.</param>
/// <param name="clock">By which usage grows old.</param>
public sealed class UsageRetention(IUsageStore store, UsageKept kept, TimeProvider clock)
{
    /// <summary>Most rows or totals of one deletion: other writers come between two of them.</summary>
    public const int BatchMax = 1_000;

    /// <summary>Most deletions of one run; the next run goes on.</summary>
    public const int BatchesMax = 2_000;

    // Late rows that could not be summed up for a week will not be; they must not keep everything.
    private const long LatePatienceMs = 7 * UsagePeriod.DayMs;

    /// <summary>Told each few seconds of a long run; must not throw.</summary>
    public Action<UsageProgress>? OnProgress { get; init; }

    /// <summary>Deletes what is too old.</summary>
    /// <returns>How many rows and totals went.</returns>
    /// <exception cref="StoreUnavailableException">The usage cannot be reached; the next run goes on.</exception>
    public async Task<long> RunAsync(CancellationToken cancellation)
    {
        var meter = new WorkMeter("retention", OnProgress, TimeProvider.System);
        var hours = await store.ProgressAsync(UsageGrain.Hour, cancellation).ConfigureAwait(false);
        var days = await store.ProgressAsync(UsageGrain.Day, cancellation).ConfigureAwait(false);
        var deleted = 0L;
        foreach (var (grain, keptDays, summed) in new[]
        {
            (UsageGrain.Minute, kept.MinuteDays, hours), (UsageGrain.Hour, kept.HourDays, days),
            (UsageGrain.Day, kept.DayDays, days),
        })
            if (summed is { } until)
                deleted += await RunAsync(grain, keptDays, until, meter, cancellation).ConfigureAwait(false);
        return deleted;
    }

    private async Task<long> RunAsync(
        UsageGrain grain, int keptDays, Instant summed, WorkMeter meter, CancellationToken cancellation)
    {
        var old = Instant.From(clock.GetUtcNow()) + -(keptDays * UsagePeriod.DayMs);
        var late = await FirstLateAsync(old + -LatePatienceMs, cancellation).ConfigureAwait(false);
        var limit = Instant.Min(Instant.Min(old, summed), late);
        // Only whole periods of the coarser grain: what is summed up again finds all of its parts, or none.
        var before = UsagePeriod.Of(grain + 1, limit).Start;
        var deleted = 0L;
        for (var batch = 0; batch < BatchesMax; batch++)
        {
            var gone = await store.DeleteAsync(grain, before, BatchMax, cancellation).ConfigureAwait(false);
            if (gone == 0) break;
            deleted += gone;
            meter.Add(gone);
        }
        return deleted;
    }

    private async ValueTask<Instant> FirstLateAsync(Instant from, CancellationToken cancellation)
    {
        var listed = await store.ListLateAsync(IUsageStore.PageMax, cancellation).ConfigureAwait(false);
        var first = Instant.Never;
        foreach (var late in listed)
            if (late.Hour >= from) first = Instant.Min(first, late.Hour);
        return first;
    }
}
