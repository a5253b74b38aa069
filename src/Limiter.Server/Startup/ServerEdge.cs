using System.Security.Cryptography;
using Limiter.Domain;
using Limiter.Domain.Escrow;
using Limiter.Domain.Policies;
using Limiter.Engine.Callers;
using Limiter.Engine.Checks;
using Limiter.Engine.Leases;
using Limiter.Engine.Ports;
using Limiter.Engine.Usage;
using Limiter.Http.Alerts;
using Limiter.Server.Options;

namespace Limiter.Server.Startup;

/// <summary>This process as an edge of its store: what decides, what counts, and what runs beside.</summary>
internal sealed class ServerEdge : IAsyncDisposable
{
    /// <summary>
    /// A disk can take counts often: with the second in which a save is looked for, a crash loses 5 s of them.
    /// </summary>
    private const int SaveSeconds = 4;

    /// <summary>Longest time for the leases to be settled at the end; what is not settled expires.</summary>
    private static readonly TimeSpan SettlePatience = TimeSpan.FromSeconds(5);

    private readonly UsageTally _usage;
    private readonly UsageRolling _rolling;
    private readonly RecentWarming _warming;
    private readonly Sweeping _sweeping;
    private readonly AlertRunning _alerts;
    private readonly ILogger _logger;

    private ServerEdge(
        Checker checker, UsageTally usage, UsageViews views, Alerting alerting, UsageRolling rolling,
        Sweeping sweeping, AlertRunning alerts, ILogger logger)
    {
        (Checker, _usage, Views, Alerting, _rolling) = (checker, usage, views, alerting, rolling);
        (_sweeping, _alerts, _logger) = (sweeping, alerts, logger);
        _warming = new RecentWarming(views.Recent, failure => Log.StoreFailed(logger, failure));
    }

    public Checker Checker { get; }

    public UsageTally Usage => _usage;

    /// <summary>What is told of the usage.</summary>
    public UsageViews Views { get; }

    public Alerting Alerting { get; }

    public static async Task<ServerEdge> OpenAsync(
        ServerOptions options, Policy policy, Store store, TimeProvider clock, ILogger logger, ILogger told,
        CancellationToken cancellation)
    {
        var generation = await store.Directory.PolicyGenerationAsync(policy.Digest.AsMemory(), cancellation)
            .ConfigureAwait(false);
        var leases = new LeaseOptions();
        if (options.LeaseMs is { } lifetime) leases = leases with { LifetimeMs = lifetime };
        var id = EdgeId.New(RandomNumberGenerator.GetBytes(EdgeId.Bytes));
        var usage = new UsageTally(
            id, store.Usage, clock, new UsageOptions { SaveSeconds = SaveSeconds },
            failure => Log.UsageFailed(logger, failure));
        Alerting? alerting = null;
        Checker? checker = null;
        try
        {
            alerting = await Alerting.OpenAsync(
                store.Alerts, store.Directory, store.Usage, clock, options.Alerts,
                failure => Log.AlertsFailed(logger, failure), cancellation).ConfigureAwait(false);
            checker = new Checker(
                new PolicyInForce(policy, generation, Instant.From(clock.GetUtcNow())),
                id, store.Directory, store.Buckets, clock, leases,
                onFailure: failure => Log.StoreFailed(logger, failure), journal: store.RememberedChecks, usage: usage,
                alerts: alerting.Watch);
            await checker.LoadAsync(cancellation).ConfigureAwait(false);
        }
        catch
        {
            // All have timers, which would go on without anybody to stop them.
            if (checker is not null) await checker.DisposeAsync().ConfigureAwait(false);
            if (alerting is not null) await alerting.DisposeAsync().ConfigureAwait(false);
            await usage.DisposeAsync().ConfigureAwait(false);
            throw;
        }
        var roller = new UsageRoller(
            store.Usage, store.Charges, store.Directory, () => checker.Policy.Policy, clock,
            failure => Log.StoreFailed(logger, failure)) { OnProgress = Tell };
        var retention = new UsageRetention(store.Usage, options.Kept, clock) { OnProgress = Tell };
        var views = UsageViews.Of(
            store.Usage, usage, checker, clock, onFailure: failure => Log.StoreFailed(logger, failure));
        return new ServerEdge(
            checker, usage, views, alerting, new UsageRolling(roller, retention, views.Recent, clock, told),
            new Sweeping(store.Sweeper, logger), new AlertRunning(alerting, clock, logger), logger);

        void Tell(UsageProgress progress) =>
            Log.Progress(told, progress.Work, progress.Rows, progress.Elapsed, progress.Rate);
    }

    /// <summary>Does what the timers have become due for, after a clock was moved by hand.</summary>
    public async Task CatchUpAsync(CancellationToken cancellation)
    {
        try
        {
            await _usage.SaveDueAsync(cancellation).ConfigureAwait(false);
        }
        catch (StoreUnavailableException e)
        {
            Log.UsageFailed(_logger, e);
        }
        await _rolling.RunAsync(cancellation).ConfigureAwait(false);
        await _alerts.RunAsync(cancellation).ConfigureAwait(false);
    }

    /// <summary>Settles the leases and saves what was counted.</summary>
    public async ValueTask DisposeAsync()
    {
        using (var patience = new CancellationTokenSource(SettlePatience))
            await Checker.CloseAsync(patience.Token).ConfigureAwait(false);
        await _warming.DisposeAsync().ConfigureAwait(false);
        await _rolling.DisposeAsync().ConfigureAwait(false);
        await _sweeping.DisposeAsync().ConfigureAwait(false);
        await Checker.DisposeAsync().ConfigureAwait(false);
        await _alerts.DisposeAsync().ConfigureAwait(false);
        await _usage.CloseWithinAsync(SettlePatience).ConfigureAwait(false);
    }
}
