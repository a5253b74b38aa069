using System.Collections.Concurrent;
using Limiter.Domain;
using Limiter.Domain.Alerts;
using Limiter.Domain.Tenants;
using Limiter.Engine.Ports;

namespace Limiter.Engine.Alerts;

/// <summary>
/// Delivers what is due in the outbox. Claims end by themselves, so several processes may do so at once, and one that
/// dies delays what it claimed: every alert is delivered at least once, always under the same id. A tenant's alerts go
/// one after another, tenants beside one another. Thread-safe.
/// </summary>
/// <param name="store">The outbox.</param>
/// <param name="carrier">Brings alerts to where they go.</param>
/// <param name="counts">Told what came of attempts.</param>
/// <param name="clock">By which alerts are due.</param>
/// <param name="chance">For the pauses: 0 up to, not including, 1,000,000.</param>
public sealed class AlertSender(
    IAlertStore store, IAlertCarrier carrier, AlertCounts counts, TimeProvider clock, Func<int> chance)
{
    /// <summary>Most tenants to whom alerts are being delivered at once.</summary>
    public const int TenantsAtOnceMax = 32;

    /// <summary>Most alerts of a tenant that one claim takes.</summary>
    public const int ClaimedPerTenantMax = 4;

    /// <summary>How long a claim lasts, in milliseconds: longer than all attempts of one may take together.</summary>
    public const long ClaimMs = 120 * 1000;

    /// <summary>Most tenants whose failing hooks are remembered; those of others are only tried more often.</summary>
    private const int PausedMax = 10_000;

    /// <summary>Longest time for which one failure holds a tenant's other alerts back, in milliseconds.</summary>
    private const long HeldBackMsMax = 60 * 1000;

    private readonly ConcurrentDictionary<TenantId, bool> _busy = new();
    private readonly ConcurrentDictionary<TenantId, Instant> _pausedUntil = new();

    /// <summary>
    /// Delivers until nothing more is due, or is being delivered by another call; returns how many arrived.
    /// </summary>
    /// <exception cref="StoreUnavailableException">The outbox cannot be reached; the next call goes on.</exception>
    public async Task<int> SendDueAsync(CancellationToken cancellation)
    {
        var running = new List<Task<int>>();
        var arrived = 0;
        try
        {
            while (true)
            {
                var started = await StartAsync(running, cancellation).ConfigureAwait(false);
                if (running.Count == 0) return arrived;
                if (started) continue;
                var ended = await Task.WhenAny(running).ConfigureAwait(false);
                running.Remove(ended);
                arrived += await ended.ConfigureAwait(false);
            }
        }
        finally
        {
            // What was started ends in bounded time, and gives its tenants free.
            await ((Task)Task.WhenAll(running)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task<bool> StartAsync(List<Task<int>> running, CancellationToken cancellation)
    {
        if (_busy.Count >= TenantsAtOnceMax) return false;
        var now = Now();
        var taken = new Dictionary<TenantId, int>();
        IReadOnlyList<ClaimedAlert> claimed = [];
        try
        {
            claimed = await store.ClaimAsync(
                now, now + ClaimMs, TenantsAtOnceMax * ClaimedPerTenantMax, tenant => Takes(tenant, now, taken),
                cancellation).ConfigureAwait(false);
        }
        finally
        {
            foreach (var tenant in taken.Keys.Except(claimed.Select(one => one.Alert.Tenant)))
                _busy.TryRemove(tenant, out _);
        }
        foreach (var lane in claimed.GroupBy(one => one.Alert.Tenant))
            running.Add(DeliverAsync(lane.Key, [.. lane], cancellation));
        return claimed.Count > 0;
    }

    private bool Takes(TenantId tenant, Instant now, Dictionary<TenantId, int> taken)
    {
        var count = taken.GetValueOrDefault(tenant);
        if (count == 0)
        {
            if (_pausedUntil.TryGetValue(tenant, out var until) && now < until) return false;
            if (_busy.Count >= TenantsAtOnceMax || !_busy.TryAdd(tenant, true)) return false;
        }
        if (count >= ClaimedPerTenantMax) return false;
        taken[tenant] = count + 1;
        return true;
    }

    private async Task<int> DeliverAsync(
        TenantId tenant, List<ClaimedAlert> lane, CancellationToken cancellation)
    {
        // The caller goes on to start the others.
        await Task.Yield();
        var arrived = 0;
        try
        {
            var rule = await store.FindRuleAsync(tenant, cancellation).ConfigureAwait(false);
            string? error = null;
            foreach (var claimed in lane)
            {
                // After one that failed the others wait, without an attempt of theirs having been made.
                if (error is not null) await PutBackAsync(claimed, error, cancellation).ConfigureAwait(false);
                else if ((error = await AttemptAsync(claimed, rule?.Rule, cancellation).ConfigureAwait(false)) is null)
                    arrived++;
            }
            return arrived;
        }
        finally
        {
            _busy.TryRemove(tenant, out _);
        }
    }

    // Returns what went wrong; null for nothing.
    private async Task<string?> AttemptAsync(ClaimedAlert claimed, AlertRule? rule, CancellationToken cancellation)
    {
        var alert = claimed.Alert;
        var error = await carrier.DeliverAsync(alert, rule, cancellation).ConfigureAwait(false);
        if (error is null)
        {
            counts.Deliver();
            _pausedUntil.TryRemove(alert.Tenant, out _);
            await store.SettleAsync(
                claimed, alert with { State = AlertState.Delivered, DueAt = null, Error = null }, cancellation)
                .ConfigureAwait(false);
            return null;
        }
        counts.Fail();
        var now = Now();
        var due = RetryPause.Next(alert.At, now, alert.Attempts, chance());
        if (due is { } next) HoldBack(alert.Tenant, now, next);
        await FailAsync(claimed, alert.Attempts, due, error, cancellation).ConfigureAwait(false);
        return error;
    }

    private Task PutBackAsync(ClaimedAlert claimed, string error, CancellationToken cancellation)
    {
        var (alert, now) = (claimed.Alert, Now());
        var isOver = now - alert.At >= RetryPause.LifetimeMs;
        Instant? due = isOver ? null : _pausedUntil.TryGetValue(alert.Tenant, out var until) ? until : now;
        return FailAsync(claimed, alert.Attempts - 1, due, error, cancellation);
    }

    private async Task FailAsync(
        ClaimedAlert claimed, int attempts, Instant? due, string error, CancellationToken cancellation)
    {
        if (due is null) counts.Die();
        var after = claimed.Alert with
        {
            State = due is null ? AlertState.Dead : AlertState.Waiting,
            Attempts = attempts,
            DueAt = due,
            Error = error.Length > Alert.ErrorLengthMax ? error[..Alert.ErrorLengthMax] : error,
        };
        await store.SettleAsync(claimed, after, cancellation).ConfigureAwait(false);
    }

    private void HoldBack(TenantId tenant, Instant now, Instant due)
    {
        if (_pausedUntil.Count >= PausedMax)
            foreach (var (paused, until) in _pausedUntil)
                if (until <= now) _pausedUntil.TryRemove(paused, out _);
        if (_pausedUntil.Count < PausedMax) _pausedUntil[tenant] = Instant.Min(due, now + HeldBackMsMax);
    }

    private Instant Now() => Instant.From(clock.GetUtcNow());
}
