using Limiter.Domain;
using Limiter.Domain.Tenants;
using Limiter.Domain.Usage;

namespace Limiter.Engine.Ports;

/// <summary>
/// Counted usage: the edges' minute rows, and the hours, days and months that are summed up from them. Reads see every
/// completed write; a write is durable when it returns. Every member throws <see cref="StoreUnavailableException"/>
/// when the store cannot be reached or cannot save; a repetition is safe.
/// </summary>
public interface IUsageStore : IUsageRows
{
    /// <summary>Most rows or totals of one save.</summary>
    const int SaveMax = 1_000;

    /// <summary>Most entries of one page.</summary>
    const int PageMax = 1_000;

    /// <summary>
    /// How long after the end of an hour its rows count as in time, in milliseconds (3 minutes): a row that is saved
    /// later is noted, since the hour may have been summed up without it.
    /// </summary>
    const long LateMs = 3 * 60 * 1000;

    /// <summary>A tenant's rows of some time, in the order of their minutes.</summary>
    /// <param name="until">The first moment that does not count.</param>
    /// <param name="after">Where the page before said to go on; null at the start.</param>
    /// <param name="take">1 to <see cref="PageMax"/>.</param>
    ValueTask<UsagePage<UsageRow>> ListRowsAsync(
        TenantId tenant, Instant from, Instant until, string? after, int take, CancellationToken cancellation);

    /// <summary>
    /// The rows of some minutes of one hour, of all tenants. The rows of one tenant follow one another.
    /// </summary>
    /// <param name="from">A minute's start.</param>
    /// <param name="until">A minute's start, the first that does not count; at most the end of the hour.</param>
    /// <inheritdoc cref="ListRowsAsync"/>
    ValueTask<UsagePage<UsagePart>> ListMinutesAsync(
        Instant from, Instant until, string? after, int take, CancellationToken cancellation);

    /// <summary>A tenant's totals of some time, in order; of days each is a <see cref="DailyUsage"/>.</summary>
    /// <param name="grain">Not <see cref="UsageGrain.Minute"/>.</param>
    /// <inheritdoc cref="ListRowsAsync"/>
    ValueTask<UsagePage<StoredTotal>> ListTotalsAsync(
        TenantId tenant, UsageGrain grain, Instant from, Instant until, string? after, int take,
        CancellationToken cancellation);

    /// <summary>
    /// The first period, not before a time, of which parts are stored: rows of an hour, hours of a day, days of a
    /// month. Null when there is none.
    /// </summary>
    /// <param name="grain">Not <see cref="UsageGrain.Minute"/>.</param>
    /// <param name="from">A start of such a period.</param>
    ValueTask<UsagePeriod?> FirstAsync(UsageGrain grain, Instant from, CancellationToken cancellation);

    /// <summary>
    /// What a period is summed up from, of all tenants. The parts of one tenant follow one another.
    /// </summary>
    /// <param name="period">An hour (its rows), a day (its hours) or a month (its days).</param>
    /// <inheritdoc cref="ListRowsAsync"/>
    ValueTask<UsagePage<UsagePart>> ListPartsAsync(
        UsagePeriod period, string? after, int take, CancellationToken cancellation);

    /// <summary>Adds totals; of one that is there already nothing changes.</summary>
    /// <param name="totals">1 to <see cref="SaveMax"/>, of one period, no two of one tenant.</param>
    /// <returns>The tenants that had a total of the period already.</returns>
    ValueTask<IReadOnlyList<TenantId>> AddTotalsAsync(
        IReadOnlyList<UsageTotal> totals, CancellationToken cancellation);

    /// <summary>Puts a total in the place of the one that was read; false when that has changed since.</summary>
    /// <param name="version">Of the total that was read.</param>
    ValueTask<bool> ReplaceTotalAsync(UsageTotal total, string version, CancellationToken cancellation);

    /// <summary>The time up to which all periods of a grain were summed up; null when none ever was.</summary>
    ValueTask<Instant?> ProgressAsync(UsageGrain grain, CancellationToken cancellation);

    /// <summary>Moves that time ahead; never back.</summary>
    ValueTask SaveProgressAsync(UsageGrain grain, Instant until, CancellationToken cancellation);

    /// <summary>
    /// Deletes some of what is old. Whoever calls sees to it that the coarser grain has it; a repetition goes on.
    /// </summary>
    /// <param name="grain">Not <see cref="UsageGrain.Month"/>: months are kept.</param>
    /// <param name="before">
    /// A start of the coarser period: rows of hours, hours of days, days of months before it go.
    /// </param>
    /// <param name="take">Most that go, 1 to <see cref="PageMax"/>.</param>
    /// <returns>How many went, or were taken by another process meanwhile; 0 when none is left.</returns>
    ValueTask<int> DeleteAsync(UsageGrain grain, Instant before, int take, CancellationToken cancellation);

    /// <summary>Hours with rows that were saved late, at most <paramref name="take"/> (1 to 1,000).</summary>
    ValueTask<IReadOnlyList<LateUsage>> ListLateAsync(int take, CancellationToken cancellation);

    /// <summary>Forgets that an hour had late rows, unless more came since it was listed.</summary>
    ValueTask ForgetLateAsync(LateUsage late, CancellationToken cancellation);
}
