using Limiter.Domain;
using Limiter.Domain.Tenants;
using Limiter.Domain.Usage;
using Limiter.Engine.Ports;

namespace Limiter.Engine.Tests.Kit;

/// <summary>A usage store that can be out of reach, and counts the saves of rows.</summary>
internal sealed class FaultyUsage(IUsageStore usage) : IUsageStore
{
    private readonly List<IReadOnlyList<UsageRow>> _delayed = [];

    public bool Fails { get; set; }

    /// <summary>Only writes of rows fail.</summary>
    public bool FailsToSave { get; set; }

    /// <summary>A save takes effect, and says that it did not.</summary>
    public bool LosesReplies { get; set; }

    /// <summary>A save says that it failed, and takes effect when <see cref="ArriveAsync"/> lets it.</summary>
    public bool Delays { get; set; }

    /// <summary>Run while rows are being saved; null for nothing.</summary>
    public Func<Task>? WhileSaving { get; set; }

    public int Saves { get; private set; }

    /// <summary>A page of minutes waits for this before it is read; null for nothing.</summary>
    public Task? BeforeMinutes { get; set; }

    /// <summary>Pages of minutes that were read.</summary>
    public int MinutePages { get; private set; }

    /// <summary>Rows saved, repetitions included.</summary>
    public int RowsSaved { get; private set; }

    /// <summary>What is wrong with the first part of every period; null for nothing.</summary>
    public Exception? Damage { get; set; }

    /// <summary>Run before a total is replaced, as by another process.</summary>
    public Func<Task>? BeforeReplace { get; set; }

    public async ValueTask SaveRowsAsync(IReadOnlyList<UsageRow> rows, CancellationToken cancellation)
    {
        ThrowIfFailing();
        if (WhileSaving is { } run) await run();
        if (FailsToSave) throw new StoreUnavailableException("It takes no rows.");
        if (Delays)
        {
            _delayed.Add(rows);
            throw new StoreUnavailableException("No answer in time.");
        }
        await usage.SaveRowsAsync(rows, cancellation);
        (Saves, RowsSaved) = (Saves + 1, RowsSaved + rows.Count);
        if (LosesReplies) throw new StoreUnavailableException("The reply was lost.");
    }

    public ValueTask<UsagePage<UsageRow>> ListRowsAsync(
        TenantId tenant, Instant from, Instant until, string? after, int take, CancellationToken cancellation)
    {
        ThrowIfFailing();
        return usage.ListRowsAsync(tenant, from, until, after, take, cancellation);
    }

    /// <summary>What was delayed takes effect.</summary>
    public async Task ArriveAsync()
    {
        foreach (var rows in _delayed) await usage.SaveRowsAsync(rows, CancellationToken.None);
        _delayed.Clear();
    }

    public async ValueTask<UsagePage<UsagePart>> ListMinutesAsync(
        Instant from, Instant until, string? after, int take, CancellationToken cancellation)
    {
        ThrowIfFailing();
        if (BeforeMinutes is { } before) await before.WaitAsync(cancellation);
        MinutePages++;
        return await usage.ListMinutesAsync(from, until, after, take, cancellation);
    }

    public ValueTask<UsagePage<StoredTotal>> ListTotalsAsync(
        TenantId tenant, UsageGrain grain, Instant from, Instant until, string? after, int take,
        CancellationToken cancellation)
    {
        ThrowIfFailing();
        return usage.ListTotalsAsync(tenant, grain, from, until, after, take, cancellation);
    }

    public ValueTask<UsagePeriod?> FirstAsync(UsageGrain grain, Instant from, CancellationToken cancellation)
    {
        ThrowIfFailing();
        return usage.FirstAsync(grain, from, cancellation);
    }

    public async ValueTask<UsagePage<UsagePart>> ListPartsAsync(
        UsagePeriod period, string? after, int take, CancellationToken cancellation)
    {
        ThrowIfFailing();
        var page = await usage.ListPartsAsync(period, after, take, cancellation);
        if (Damage is null || after is not null) return page;
        return page with { Items = [new UsagePart(default, UsageSheet.Empty, Damage), .. page.Items] };
    }

    public ValueTask<IReadOnlyList<TenantId>> AddTotalsAsync(
        IReadOnlyList<UsageTotal> totals, CancellationToken cancellation)
    {
        ThrowIfFailing();
        return usage.AddTotalsAsync(totals, cancellation);
    }

    public async ValueTask<bool> ReplaceTotalAsync(UsageTotal total, string version, CancellationToken cancellation)
    {
        ThrowIfFailing();
        if (BeforeReplace is { } run)
        {
            BeforeReplace = null;
            await run();
        }
        return await usage.ReplaceTotalAsync(total, version, cancellation);
    }

    public ValueTask<Instant?> ProgressAsync(UsageGrain grain, CancellationToken cancellation)
    {
        ThrowIfFailing();
        return usage.ProgressAsync(grain, cancellation);
    }

    public ValueTask SaveProgressAsync(UsageGrain grain, Instant until, CancellationToken cancellation)
    {
        ThrowIfFailing();
        return usage.SaveProgressAsync(grain, until, cancellation);
    }

    public ValueTask<int> DeleteAsync(
        UsageGrain grain, Instant before, int take, CancellationToken cancellation)
    {
        ThrowIfFailing();
        return usage.DeleteAsync(grain, before, take, cancellation);
    }

    public ValueTask<IReadOnlyList<LateUsage>> ListLateAsync(int take, CancellationToken cancellation)
    {
        ThrowIfFailing();
        return usage.ListLateAsync(take, cancellation);
    }

    public ValueTask ForgetLateAsync(LateUsage late, CancellationToken cancellation)
    {
        ThrowIfFailing();
        return usage.ForgetLateAsync(late, cancellation);
    }

    private void ThrowIfFailing()
    {
        if (Fails) throw new StoreUnavailableException("Out of reach.");
    }
}
