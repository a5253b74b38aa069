using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using Limiter.Domain.Decisions;
using Limiter.Domain.Escrow;
using Limiter.Domain.Policies;
using Limiter.Domain.Tenants;
using Limiter.Domain.Usage;
using Limiter.Engine.Callers;
using Limiter.Engine.Leases;
using Limiter.Engine.Ports;

namespace Limiter.Engine.Usage;

/// <summary>
/// Counts what this edge decides, by tenant, key, rule and minute, and saves it behind the answers. A store that is out
/// of reach is tried again; meanwhile the counts wait here. Thread-safe.
/// </summary>
[SuppressMessage("Design", "CA1001", Justification = "A semaphore whose handle is never asked for holds nothing.")]
public sealed partial class UsageTally : IAsyncDisposable
{
    /// <summary>Most tenants that are counted at once; the checks of a further one are not.</summary>
    public const int TenantsMax = 1_000_000;

    /// <summary>
    /// Most minutes of a tenant that wait to be saved, while the store is out of reach; further ones are counted with
    /// the latest of their UTC day.
    /// </summary>
    public const int MinutesMax = 16;

    /// <summary>
    /// Most lines of all tenants (some 130 MB); beyond, a tenant's further keys, rules and minutes are counted
    /// together.
    /// </summary>
    public const int LinesMax = 2_000_000;

    private static readonly TimeSpan LookInterval = TimeSpan.FromSeconds(1);

    private readonly EdgeId _edge;
    private readonly IUsageRows _store;
    private readonly TimeProvider _clock;
    private readonly Action<Exception> _onFailure;
    private readonly ConcurrentDictionary<TenantId, TenantTally> _tallies = new();
    private readonly DueQueue<OpenSheet> _due = new();
    // Of minutes that were over when they were begun: these do not wait behind those of the minute that goes on.
    private readonly DueQueue<OpenSheet> _overdue = new();
    private readonly SemaphoreSlim _saving = new(1, 1);
    private readonly ITimer _looking;
    private readonly int _saveSeconds;
    private readonly long _graceMs;
    private long _number;
    private long _uncounted;
    private long _reported;
    private bool _isFailing;
    private int _rounds;
    private int _lines;
    private int _waiting;
    private int _count;

    /// <param name="edge">This process.</param>
    /// <param name="store">Where the counts go.</param>
    /// <param name="clock">The time of decisions.</param>
    /// <param name="options">When they are saved; null for the defaults.</param>
    /// <param name="onFailure">Told of a save that failed; must not throw.</param>
    public UsageTally(
        EdgeId edge, IUsageRows store, TimeProvider clock, UsageOptions? options = null,
        Action<Exception>? onFailure = null)
    {
        (_edge, _store, _clock) = (edge, store, clock);
        _onFailure = onFailure ?? (static _ => { });
        _saveSeconds = (options ?? new UsageOptions()).SaveSeconds;
        _graceMs = SaveAfterMs + (long)(edge.Value % StaggerMs);
        _looking = clock.CreateTimer(_ => _ = LookAsync(), null, LookInterval, LookInterval);
    }

    /// <summary>Tenants that are being counted.</summary>
    public int Tenants => Volatile.Read(ref _count);

    /// <summary>Rows that count what is not saved.</summary>
    public int RowsWaiting => Volatile.Read(ref _waiting);

    /// <summary>Checks that were not counted, for more than <see cref="TenantsMax"/> tenants at once.</summary>
    public long Uncounted => Interlocked.Read(ref _uncounted);

    /// <summary>Whether counts are being saved now.</summary>
    public bool IsSaving => Volatile.Read(ref _rounds) > 0 || _saving.CurrentCount == 0;

    /// <summary>Saves what is due now.</summary>
    /// <exception cref="StoreUnavailableException">The store did not take it; it is tried again.</exception>
    public async Task SaveDueAsync(CancellationToken cancellation) =>
        await SaveAsync(_clock.GetTimestamp(), cancellation).ConfigureAwait(false);

    /// <summary>Saves what is counted of one tenant and not saved: whoever reads the store then sees it.</summary>
    /// <exception cref="StoreUnavailableException">The store did not take it; it is tried again.</exception>
    public async Task SaveAsync(TenantId tenant, CancellationToken cancellation)
    {
        if (!_tallies.TryGetValue(tenant, out var tally)) return;
        // What is being saved now counts as saved: it has to be there, too, before anybody looks.
        await _saving.WaitAsync(cancellation).ConfigureAwait(false);
        // Whoever stops waiting does not break the save off: the row would have to be told again for nothing.
        await SaveAllAsync(tally).WaitAsync(cancellation).ConfigureAwait(false);
    }

    private async Task SaveAllAsync(TenantTally tally)
    {
        try
        {
            if (tally.SaveAll() is { Count: > 0 } batch)
                await SaveAsync(batch, CancellationToken.None).ConfigureAwait(false);
        }
        finally
        {
            _saving.Release();
        }
    }

    /// <summary>Saves all that is counted and not saved, before this process ends. Can be repeated.</summary>
    /// <exception cref="StoreUnavailableException">The store did not take it.</exception>
    public async ValueTask CloseAsync(CancellationToken cancellation)
    {
        await _looking.DisposeAsync().ConfigureAwait(false);
        await SaveAsync(long.MaxValue, cancellation).ConfigureAwait(false);
    }

    /// <summary>
    /// The same for at most so long, a patience of its own: buckets that do not answer shall not cost the counts. What
    /// fails is told, not thrown.
    /// </summary>
    public async ValueTask CloseWithinAsync(TimeSpan patience)
    {
        using var ended = new CancellationTokenSource(patience);
        try
        {
            await CloseAsync(ended.Token).ConfigureAwait(false);
        }
        catch (Exception failure) when (failure is StoreUnavailableException or OperationCanceledException)
        {
            _onFailure(failure);
        }
    }

    public ValueTask DisposeAsync() => _looking.DisposeAsync();

    /// <summary>Where the counts go.</summary>
    internal IUsageRows Rows => _store;

    internal bool MayGrow => Volatile.Read(ref _lines) < LinesMax;

    internal void Grow(int lines) => Interlocked.Add(ref _lines, lines);

    internal void Shrink(int lines) => Interlocked.Add(ref _lines, -lines);

    /// <summary>A row begins to wait, or does so no more.</summary>
    internal void Wait(bool waits) => Interlocked.Add(ref _waiting, waits ? 1 : -1);

    internal void Count(Caller caller, Decision decision)
    {
        while (TallyOf(caller) is { } tally)
            if (tally.TryCount(decision)) return;
        Interlocked.Increment(ref _uncounted);
    }

    /// <summary>The cost of an earlier admission was corrected; counted in the minute in which that was told.</summary>
    internal void Correct(Caller caller, KeyId key, EndpointRule rule, long difference)
    {
        var minute = _clock.GetUtcNow().ToUnixTimeMilliseconds() / UsagePeriod.MinuteMs;
        while (TallyOf(caller) is { } tally)
            if (tally.TryCorrect(key, rule, difference, minute)) return;
    }

    /// <summary>Who owns a row by its number.</summary>
    internal UsageWriter WriterOf(long number) => new(_edge, number);

    internal OpenSheet Open(TenantTally owner, long minute)
    {
        var now = _clock.GetTimestamp();
        var sheet = new OpenSheet(owner, minute, Interlocked.Increment(ref _number), now);
        Queue(sheet, now);
        return sheet;
    }

    private TenantTally? TallyOf(Caller caller)
    {
        if (caller.Tally is { IsRetired: false } known) return known;
        while (true)
        {
            if (_tallies.TryGetValue(caller.Tenant, out var tally) && !tally.IsRetired) return caller.Tally = tally;
            if (tally is not null) Remove(tally);
            if (Volatile.Read(ref _count) >= TenantsMax) return null;
            if (_tallies.TryAdd(caller.Tenant, new TenantTally(caller.Tenant, this))) Interlocked.Increment(ref _count);
        }
    }

    private void Remove(TenantTally tally)
    {
        if (_tallies.TryRemove(new KeyValuePair<TenantId, TenantTally>(tally.Tenant, tally)))
            Interlocked.Decrement(ref _count);
    }
}
