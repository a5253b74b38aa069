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

    /// <summary>Most pages of a failing tenant's alerts that one failure moves behind those of others.</summary>
    private const int PostponedPagesMax = 20;

    private readonly ConcurrentDictionary<TenantId, bool> _busy = new();
    private readonly TenantPauses _pauses = new();

    /// <summary>
    /// Delivers until nothing more is due, or is being delivered by another call; returns how many arrived.
    /// </summary>
    /// <exception cref="StoreUnavailableException">The outbox cannot be reached; the next call goes on.</exception>
    public async Task<int> SendDueAsync(CancellationToken cancellation)
    {
        var running = new List<Task<Lane>>();
        var arrived = 0;
        var left = new Left(AtOnce: true, ForALane: false);
        try
        {
            while (true)
            {
                while (left.AtOnce) left = await StartAsync(running, cancellation).ConfigureAwait(false);
                if (running.Count == 0) return arrived;
                await Task.WhenAny(running).ConfigureAwait(false);
                // Each look at the outbox costs; it is made again only where something may have been left.
                foreach (var ended in running.FindAll(static lane => lane.IsCompleted))
                {
                    running.Remove(ended);
                    var lane = await ended.ConfigureAwait(false);
                    arrived += lane.Arrived;
                    if (lane.MayBeMore || left.ForALane) left = left with { AtOnce = true };
                }
            }
        }
        finally
        {
            // What was started ends in bounded time, and gives its tenants free.
            await ((Task)Task.WhenAll(running)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task<Left> StartAsync(List<Task<Lane>> running, CancellationToken cancellation)
    {
        var free = TenantsAtOnceMax - _busy.Count;
        if (free <= 0) return new Left(AtOnce: false, ForALane: true);
        var now = Now();
        var lanes = new Lanes(_busy, _pauses, now);
        IReadOnlyList<ClaimedAlert> claimed = [];
        var take = free * ClaimedPerTenantMax;
        try
        {
            claimed = await store.ClaimAsync(now, now + ClaimMs, take, lanes.Takes, cancellation)
                .ConfigureAwait(false);
        }
        finally
        {
            foreach (var tenant in lanes.Tenants.Except(claimed.Select(one => one.Alert.Tenant)))
                _busy.TryRemove(tenant, out _);
        }
        foreach (var lane in claimed.GroupBy(one => one.Alert.Tenant))
            running.Add(DeliverAsync(lane.Key, [.. lane], cancellation));
        return new Left(claimed.Count == take, lanes.TurnedAway);
    }

    private async Task<Lane> DeliverAsync(
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
            if (error is not null) await PostponeAsync(tenant, cancellation).ConfigureAwait(false);
            return new Lane(arrived, error is null && lane.Count == ClaimedPerTenantMax);
        }
        finally
        {
            _busy.TryRemove(tenant, out _);
        }
    }

    // What else of the tenant is due would stand before the alerts of others until the pause ends.
    private async Task PostponeAsync(TenantId tenant, CancellationToken cancellation)
    {
        for (var page = 0; page < PostponedPagesMax; page++)
        {
            var now = Now();
            if (_pauses.Of(tenant, now) is not { } until) return;
            var moved = await store.PostponeAsync(tenant, now, until, IAlertStore.PageMax, cancellation)
                .ConfigureAwait(false);
            if (moved < IAlertStore.PageMax) return;
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
            _pauses.End(alert.Tenant);
            await store.SettleAsync(
                claimed, alert with { State = AlertState.Delivered, DueAt = null, Error = null }, cancellation)
                .ConfigureAwait(false);
            return null;
        }
        counts.Fail();
        var now = Now();
        var due = RetryPause.Next(alert.At, now, alert.Attempts, chance());
        _pauses.Begin(alert.Tenant, now, due);
        await FailAsync(claimed, alert.Attempts, due, error, cancellation).ConfigureAwait(false);
        return error;
    }

    private Task PutBackAsync(ClaimedAlert claimed, string error, CancellationToken cancellation)
    {
        var (alert, now) = (claimed.Alert, Now());
        var isOver = now - alert.At >= RetryPause.LifetimeMs;
        Instant? due = isOver ? null : _pauses.Of(alert.Tenant, now) ?? now;
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

    private Instant Now() => Instant.From(clock.GetUtcNow());

    /// <summary>What a look at the outbox may have left that is due.</summary>
    /// <param name="AtOnce">Something that another look finds.</param>
    /// <param name="ForALane">Something that waits until fewer are being delivered to.</param>
    private readonly record struct Left(bool AtOnce, bool ForALane);

    /// <summary>What came of a tenant's alerts.</summary>
    /// <param name="Arrived">How many of its alerts arrived.</param>
    /// <param name="MayBeMore">Whether the tenant may have more that are due.</param>
    private readonly record struct Lane(int Arrived, bool MayBeMore);
}
