using System.Diagnostics.CodeAnalysis;
using Limiter.Domain;
using Limiter.Domain.Tenants;
using Limiter.Domain.Usage;
using Limiter.Engine.Ports;

namespace Limiter.Engine.Usage;

/// <summary>
/// What all edges decided in the last minutes. Each minute is read once for all tenants, when its rows are in and
/// somebody asks, and let go when it is no longer one of the last. Thread-safe.
/// </summary>
/// <param name="store">The usage.</param>
/// <param name="clock">By which a minute is over.</param>
/// <param name="onFailure">Told of rows that cannot be read; must not throw.</param>
[SuppressMessage("Design", "CA1001", Justification = "A semaphore whose handle is never asked for holds nothing.")]
public sealed class RecentUsage(IUsageStore store, TimeProvider clock, Action<Exception>? onFailure = null)
{
    /// <summary>Minutes that are looked back.</summary>
    public const int Minutes = 5;

    /// <summary>Most tenants of a minute that are told apart; those of further ones only count in all.</summary>
    public const int TenantsMax = 100_000;

    private readonly SemaphoreSlim _reading = new(1, 1);
    private readonly SortedDictionary<Instant, RecentMinute> _minutes = [];
    private RecentView? _view;

    /// <summary>The last minutes; a minute's rows that come later than 10 s after its end are not in it.</summary>
    /// <exception cref="StoreUnavailableException">The usage cannot be reached.</exception>
    public async ValueTask<RecentView> ViewAsync(CancellationToken cancellation)
    {
        if (Volatile.Read(ref _view) is { } view && view.Until == Until()) return view;
        await _reading.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            var until = Until();
            if (_view is { } known && known.Until == until) return known;
            await ReadAsync(until, cancellation).ConfigureAwait(false);
            view = ViewOf(until);
            Volatile.Write(ref _view, view);
            return view;
        }
        finally
        {
            _reading.Release();
        }
    }

    private Instant Until() =>
        UsagePeriod.Of(UsageGrain.Minute, Instant.From(clock.GetUtcNow()) + -UsageReader.MinuteGraceMs).Start;

    private async ValueTask ReadAsync(Instant until, CancellationToken cancellation)
    {
        var first = until + -(Minutes * UsagePeriod.MinuteMs);
        foreach (var old in _minutes.Keys.Where(minute => minute < first || minute >= until).ToList())
            _minutes.Remove(old);
        // What is missing is at the end: the minutes that passed since the last look.
        var from = _minutes.Count > 0 ? _minutes.Keys.Last() + UsagePeriod.MinuteMs : first;
        while (from < until)
        {
            var end = Instant.Min(until, UsagePeriod.Of(UsageGrain.Hour, from).End);
            await ReadAsync(from, end, cancellation).ConfigureAwait(false);
            from = end;
        }
    }

    private async ValueTask ReadAsync(Instant from, Instant until, CancellationToken cancellation)
    {
        var minutes = new Dictionary<Instant, RecentMinute>();
        for (var minute = from; minute < until; minute += UsagePeriod.MinuteMs) minutes[minute] = new RecentMinute();
        string? after = null;
        do
        {
            var page = await store.ListMinutesAsync(from, until, after, IUsageStore.PageMax, cancellation)
                .ConfigureAwait(false);
            foreach (var part in page.Items)
            {
                if (part.Damage is not null) onFailure?.Invoke(part.Damage);
                else minutes[part.Start].Add(part);
            }
            after = page.Next;
        }
        while (after is not null);
        foreach (var (start, minute) in minutes) _minutes[start] = minute;
    }

    private RecentView ViewOf(Instant until)
    {
        var last = _minutes[until + -UsagePeriod.MinuteMs];
        var lines = new Dictionary<TenantId, (List<UsageLine> Lines, string Key, long KeyChecks)>();
        foreach (var minute in _minutes.Values)
        {
            foreach (var (tenant, (line, key, checks)) in minute.Tenants)
            {
                if (!lines.TryGetValue(tenant, out var known)) known = ([], key, checks);
                known.Lines.Add(line);
                lines[tenant] = checks > known.KeyChecks ? (known.Lines, key, checks) : known;
            }
        }
        var tenants = lines.Select(one => new RecentTenant(
            one.Key, RecentMinute.Sum([.. one.Value.Lines]), last.DeniedOf(one.Key), one.Value.Key));
        return new RecentView(
            until, last.Total,
            [
                .. tenants.OrderByDescending(tenant => tenant.Line.Counts.Checks)
                    .ThenBy(tenant => tenant.Tenant.Text, StringComparer.Ordinal),
            ]);
    }
}
