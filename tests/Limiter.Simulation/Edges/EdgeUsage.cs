using Limiter.Domain;
using Limiter.Domain.Tenants;
using Limiter.Domain.Usage;
using Limiter.Engine.Ports;
using Limiter.Simulation.Time;

namespace Limiter.Simulation.Edges;

/// <summary>
/// One edge's way to the counted usage: saving takes a while, and sometimes fails, or succeeds and says it failed.
/// </summary>
/// <param name="store">What is saved; everything but saving is not an edge's.</param>
/// <param name="process">Who saves.</param>
/// <param name="pump">True time.</param>
/// <param name="dice">Delays and failures.</param>
/// <param name="isAway">Whether the store cannot be reached now.</param>
/// <param name="forgets">Saves, in millionths, of which nothing stays; 0 unless it is broken on purpose.</param>
internal sealed class EdgeUsage(
    IUsageStore store, Process process, Pump pump, Dice dice, Func<bool> isAway, int forgets)
    : IUsageStore
{
    private const int Fails = 30_000;
    private const int LosesAnswer = 30_000;
    private const long DelayMsMax = 400;

    /// <summary>Answers at once, for one that is about to end.</summary>
    public bool IsHasty { get; set; }

    public ValueTask SaveRowsAsync(IReadOnlyList<UsageRow> rows, CancellationToken cancellation)
    {
        pump.CheckThread();
        if (IsHasty) return Save(rows) ? default : ValueTask.FromException(NewFailure());
        var asked = new TaskCompletionSource();
        pump.In(dice.Between(1, DelayMsMax) * Pump.Millisecond, null, () =>
        {
            var saved = Save(rows);
            pump.In(dice.Between(1, DelayMsMax) * Pump.Millisecond, process, () =>
            {
                if (saved) asked.SetResult();
                else asked.SetException(NewFailure());
            });
        });
        return new ValueTask(asked.Task);
    }

    public ValueTask<UsagePage<UsageRow>> ListRowsAsync(
        TenantId tenant, Instant from, Instant until, string? after, int take, CancellationToken cancellation) =>
        store.ListRowsAsync(tenant, from, until, after, take, cancellation);

    public ValueTask<UsagePage<UsagePart>> ListMinutesAsync(
        Instant from, Instant until, string? after, int take, CancellationToken cancellation) =>
        store.ListMinutesAsync(from, until, after, take, cancellation);

    public ValueTask<UsagePage<StoredTotal>> ListTotalsAsync(
        TenantId tenant, UsageGrain grain, Instant from, Instant until, string? after, int take,
        CancellationToken cancellation) =>
        store.ListTotalsAsync(tenant, grain, from, until, after, take, cancellation);

    public ValueTask<UsagePeriod?> FirstAsync(UsageGrain grain, Instant from, CancellationToken cancellation) =>
        store.FirstAsync(grain, from, cancellation);

    public ValueTask<UsagePage<UsagePart>> ListPartsAsync(
        UsagePeriod period, string? after, int take, CancellationToken cancellation) =>
        store.ListPartsAsync(period, after, take, cancellation);

    public ValueTask<IReadOnlyList<TenantId>> AddTotalsAsync(
        IReadOnlyList<UsageTotal> totals, CancellationToken cancellation) =>
        store.AddTotalsAsync(totals, cancellation);

    public ValueTask<bool> ReplaceTotalAsync(UsageTotal total, string version, CancellationToken cancellation) =>
        store.ReplaceTotalAsync(total, version, cancellation);

    public ValueTask<Instant?> ProgressAsync(UsageGrain grain, CancellationToken cancellation) =>
        store.ProgressAsync(grain, cancellation);

    public ValueTask SaveProgressAsync(UsageGrain grain, Instant until, CancellationToken cancellation) =>
        store.SaveProgressAsync(grain, until, cancellation);

    public ValueTask<int> DeleteAsync(
        UsageGrain grain, Instant before, int take, CancellationToken cancellation) =>
        store.DeleteAsync(grain, before, take, cancellation);

    public ValueTask<IReadOnlyList<LateUsage>> ListLateAsync(int take, CancellationToken cancellation) =>
        store.ListLateAsync(take, cancellation);

    public ValueTask ForgetLateAsync(LateUsage late, CancellationToken cancellation) =>
        store.ForgetLateAsync(late, cancellation);

    private bool Save(IReadOnlyList<UsageRow> rows)
    {
        if (isAway() || dice.Chance(Fails)) return false;
        if (dice.Chance(forgets)) return true;
        // In memory, so it is done when the call returns.
        store.SaveRowsAsync(rows, CancellationToken.None).AsTask().GetAwaiter().GetResult();
        return !dice.Chance(LosesAnswer);
    }

    private static StoreUnavailableException NewFailure() => new("The usage is away.");
}
