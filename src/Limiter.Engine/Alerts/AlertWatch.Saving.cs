using Limiter.Domain;
using Limiter.Domain.Alerts;
using Limiter.Domain.Tenants;
using Limiter.Domain.Usage;
using Limiter.Engine.Ports;

namespace Limiter.Engine.Alerts;

// How crossings come into the outbox, and rules to this edge.
public sealed partial class AlertWatch
{
    private const int BatchMax = 64;
    private const int AtOnceMax = 8;

    /// <summary>Most lists for one refresh; with more changes than that, the next one reads them.</summary>
    private const int RefreshesMax = 4;

    private const long RefreshMs = 30 * 1000;
    private const long TendMs = 60 * 1000;

    private readonly SemaphoreSlim _saving = new(1, 1);
    private readonly Dictionary<TenantId, int> _addedToday = [];
    private readonly Lock _counting = new();
    private Instant _countedDay;
    private Instant _nextRefresh;
    private Instant _nextTending;
    private string? _rulesVersion;
    private bool _isFailing;

    /// <summary>Crossings that wait to be added to the outbox.</summary>
    public int Waiting => Volatile.Read(ref _queued);

    /// <summary>Reads the rules if any changed since they were read last.</summary>
    /// <exception cref="StoreUnavailableException">The store cannot be reached; the rules stay as they are.</exception>
    public async Task RefreshAsync(CancellationToken cancellation)
    {
        for (var attempt = 0; attempt < RefreshesMax; attempt++)
        {
            var adoptions = Adoptions();
            var version = await _store.RulesVersionAsync(cancellation).ConfigureAwait(false);
            if (version == _rulesVersion) return;
            var own = await ListAsync(cancellation).ConfigureAwait(false);
            lock (_adopting)
            {
                // A rule that was changed here meanwhile may be newer than what was listed: list again.
                if (_adoptions != adoptions) continue;
                Volatile.Write(ref _rules, new RulesInForce(_rules.Otherwise, own));
            }
            _rulesVersion = version;
            return;
        }
    }

    private int Adoptions()
    {
        lock (_adopting) return _adoptions;
    }

    private async Task<List<AlertRule>> ListAsync(CancellationToken cancellation)
    {
        var own = new List<AlertRule>();
        IReadOnlyList<AlertRule> page;
        do
        {
            page = await _store.ListRulesAsync(
                own.Count > 0 ? own[^1].Tenant : null, IAlertStore.PageMax, cancellation).ConfigureAwait(false);
            own.AddRange(page);
        }
        while (page.Count == IAlertStore.PageMax && own.Count < RulesMax);
        return own;
    }

    /// <summary>Adds what waits to the outbox.</summary>
    /// <exception cref="StoreUnavailableException">The store did not take it; it is tried again.</exception>
    public async Task SaveAsync(CancellationToken cancellation)
    {
        await _saving.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            while (Take() is { Count: > 0 } batch)
                await SaveAsync(batch, cancellation).ConfigureAwait(false);
        }
        finally
        {
            _saving.Release();
        }
    }

    private async Task LookAsync()
    {
        // One at a time; the next look comes in a second.
        if (_saving.CurrentCount == 0) return;
        try
        {
            var now = Now();
            Tend(now);
            await SaveAsync(CancellationToken.None).ConfigureAwait(false);
            if (now >= _nextRefresh)
            {
                _nextRefresh = now + RefreshMs;
                await RefreshAsync(CancellationToken.None).ConfigureAwait(false);
                _isFailing = false;
            }
        }
#pragma warning disable CA1031 // Watching goes on whatever the store says.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            // Once an outage.
            if (!_isFailing) _onFailure(failure);
            _isFailing = true;
        }
    }

    private void Tend(Instant now)
    {
        if (now < _nextTending) return;
        _nextTending = now + TendMs;
        foreach (var alarms in _tenants.Values)
            if (alarms.Tend(now)) Remove(alarms);
    }

    private List<Crossing> Take()
    {
        var batch = new List<Crossing>();
        while (batch.Count < BatchMax && _queue.TryDequeue(out var crossing))
        {
            Interlocked.Decrement(ref _queued);
            batch.Add(crossing);
        }
        return batch;
    }

    private async Task SaveAsync(List<Crossing> batch, CancellationToken cancellation)
    {
        var saved = new bool[batch.Count];
        try
        {
            var bounds = new ParallelOptions { MaxDegreeOfParallelism = AtOnceMax, CancellationToken = cancellation };
            await Parallel.ForAsync(0, batch.Count, bounds, async (i, ended) =>
            {
                await AddAsync(batch[i], ended).ConfigureAwait(false);
                saved[i] = true;
            }).ConfigureAwait(false);
        }
        finally
        {
            for (var i = 0; i < batch.Count; i++)
                if (!saved[i]) Enqueue(batch[i]);
        }
    }

    private async Task AddAsync(Crossing crossing, CancellationToken cancellation)
    {
        if (!MayAdd(crossing.Tenant, crossing.At))
        {
            Counts.Drop();
            return;
        }
        // Another edge may have told of it shortly before this stretch of time began.
        if (!crossing.Resets
            && await _store.FindAsync(crossing.Tenant, crossing.IdBefore, cancellation).ConfigureAwait(false)
                is { } before
            && crossing.At - before.At < crossing.Window.LengthMs) return;
        if (!await _store.AddAsync(crossing.ToAlert(), cancellation).ConfigureAwait(false)) return;
        Counts.Raise();
        CountAdded(crossing.Tenant);
    }

    private bool MayAdd(TenantId tenant, Instant at)
    {
        lock (_counting)
        {
            var day = UsagePeriod.Of(UsageGrain.Day, at).Start;
            if (day > _countedDay)
            {
                _countedDay = day;
                _addedToday.Clear();
            }
            return _addedToday.GetValueOrDefault(tenant) < AlertsPerDayMax;
        }
    }

    private void CountAdded(TenantId tenant)
    {
        lock (_counting) _addedToday[tenant] = _addedToday.GetValueOrDefault(tenant) + 1;
    }
}
