using System.Security.Cryptography;
using Limiter.Domain;
using Limiter.Domain.Escrow;
using Limiter.Engine.Callers;
using Limiter.Engine.Checks;
using Limiter.Engine.Leases;
using Limiter.Engine.Ports;
using Limiter.Engine.Usage;
using Limiter.Functions.Entities;
using Limiter.Http.Alerts;
using Limiter.Http.Auth;
using Limiter.Http.Checks;
using Limiter.Http.Health;
using Limiter.Http.Metrics;
using Limiter.Http.Proxy;
using Limiter.Http.Surface;
using Microsoft.AspNetCore.Http;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;

namespace Limiter.Functions.Startup;

/// <summary>This process as an edge of the durable buckets: what every function calls.</summary>
public sealed class EdgeProcess(
    EdgeSettings settings, IDirectory directory, IUsageStore usage, IAlertStore alerts, DurableBuckets buckets,
    EntityClients clients, TimeProvider clock, IServiceProvider services, ILogger<EdgeProcess> logger)
    : IAsyncDisposable
{
    /// <summary>Longest time for the leases to be settled at the end; what is not settled expires.</summary>
    private static readonly TimeSpan SettlePatience = TimeSpan.FromSeconds(5);

    /// <summary>How far two machines' clocks may run apart, in millionths: the bucket decides on another one.</summary>
    private const long DriftPpm = 250;

    /// <summary>
    /// Each look is paid for as an entity's action, unless this process holds a lease: a page that is left open is not
    /// to outweigh the checks.
    /// </summary>
    private static readonly OverviewOptions Overview = new() { BusiestMax = 0, LookKept = TimeSpan.FromMinutes(1) };

    private Checker? _checker;
    private UsageTally? _tally;
    private UsageRoller? _roller;
    private UsageViews? _views;
    private RecentWarming? _warming;
    private Alerting? _alerting;
    private Upstream? _upstream;
    private CheckIds? _checkIds;
    private Measuring? _measuring;
    private HttpSurface? _surface;

    /// <summary>What this process answers. Only after <see cref="OpenAsync"/>.</summary>
    public HttpSurface Surface => _surface ?? throw new InvalidOperationException("The edge is not open yet.");

    /// <summary>What decides here. Only after <see cref="OpenAsync"/>.</summary>
    public Checker Checker => _checker ?? throw new InvalidOperationException("The edge is not open yet.");

    /// <summary>What sums usage up. Only after <see cref="OpenAsync"/>.</summary>
    public UsageRoller Roller => _roller ?? throw new InvalidOperationException("The edge is not open yet.");

    /// <summary>What deletes usage that is too old. Only after <see cref="OpenAsync"/>.</summary>
    public UsageRetention Retention
    {
        get => field ?? throw new InvalidOperationException("The edge is not open yet.");
        private set;
    }

    /// <summary>What finds and sends alerts. Only after <see cref="OpenAsync"/>.</summary>
    public Alerting Alerting => _alerting ?? throw new InvalidOperationException("The edge is not open yet.");

    /// <summary>Reads what the directory has to say first. To be called once, before the first function runs.</summary>
    /// <exception cref="StoreUnavailableException">The directory cannot be reached.</exception>
    public async Task OpenAsync(CancellationToken cancellation)
    {
        var policy = settings.Policy;
        var generation = await directory.PolicyGenerationAsync(policy.Digest.AsMemory(), cancellation)
            .ConfigureAwait(false);
        var signingKey = await directory.SigningKeyAsync(cancellation).ConfigureAwait(false);
        _checkIds = new CheckIds(signingKey);
        var viewers = new ViewerLinks(signingKey, clock);
        var leases = new LeaseOptions { DriftPpm = DriftPpm, WaitLimit = DurableBuckets.WaitMax };
        if (settings.LeaseMs is { } lifetime) leases = leases with { LifetimeMs = lifetime };
        var id = EdgeId.New(RandomNumberGenerator.GetBytes(EdgeId.Bytes));
        _tally = new UsageTally(id, usage, clock, onFailure: failure => Log.UsageFailed(logger, failure));
        _alerting = await OpenAlertingAsync(_tally, cancellation).ConfigureAwait(false);
        _checker = new Checker(
            new PolicyInForce(policy, generation, Instant.From(clock.GetUtcNow())),
            id, directory, buckets, clock, leases,
            onFailure: failure => Log.StoreFailed(logger, failure), usage: _tally, alerts: _alerting.Watch);
        _roller = new UsageRoller(
            usage, buckets, directory, () => _checker.Policy.Policy, clock,
            failure => Log.StoreFailed(logger, failure)) { OnProgress = Tell };
        Retention = new UsageRetention(usage, settings.Kept, clock) { OnProgress = Tell };
        _views = UsageViews.Of(
            usage, _tally, _checker, clock, Overview, failure => Log.StoreFailed(logger, failure));
        _warming = new RecentWarming(_views.Recent, failure => Log.StoreFailed(logger, failure));
        _upstream = Upstream.Open(services, settings.Proxy);
        _measuring = new Measuring(_checker, _tally, _alerting.Watch.Counts, settings.Metrics);
        _surface = HttpSurface.Of(NewParts(_checker, _views, _alerting, _upstream, _checkIds, viewers, _measuring));
    }

    private async Task<Alerting> OpenAlertingAsync(UsageTally tally, CancellationToken cancellation)
    {
        try
        {
            return await Alerting.OpenAsync(
                alerts, directory, usage, clock, settings.Alerts, failure => Log.AlertsFailed(logger, failure),
                cancellation).ConfigureAwait(false);
        }
        catch
        {
            // Its timer would go on, and a repeated start makes another.
            await tally.DisposeAsync().ConfigureAwait(false);
            _tally = null;
            throw;
        }
    }

    /// <summary>Answers a call of the surface that asks buckets.</summary>
    public Task<IResult> AnswerAsync(
        string pattern, HttpRequest request, DurableTaskClient client, CancellationToken cancellation)
    {
        clients.Keep(client);
        return AnswerAsync(pattern, request, cancellation);
    }

    /// <summary>Answers a call of the surface.</summary>
    public Task<IResult> AnswerAsync(string pattern, HttpRequest request, CancellationToken cancellation) =>
        Surface[pattern].HandleAsync(request, cancellation);

    /// <summary>Answers a path that does not exist.</summary>
    public Task<IResult> NotFoundAsync(HttpRequest request, CancellationToken cancellation) =>
        Surface.NotFoundAsync(request, cancellation);

    /// <summary>
    /// Settles every lease and saves what was counted; in bounded time, since an instance is stopped at short notice.
    /// </summary>
    public async Task SettleAsync()
    {
        if (_checker is null) return;
        using (var patience = new CancellationTokenSource(SettlePatience))
            await _checker.CloseAsync(patience.Token).ConfigureAwait(false);
        if (_tally is not null) await _tally.CloseWithinAsync(SettlePatience).ConfigureAwait(false);
        if (_alerting is not null) await _alerting.CloseWithinAsync(SettlePatience).ConfigureAwait(false);
    }

    public async ValueTask DisposeAsync()
    {
        _measuring?.Dispose();
        if (_warming is not null) await _warming.DisposeAsync().ConfigureAwait(false);
        if (_checker is not null) await _checker.DisposeAsync().ConfigureAwait(false);
        // Requests were answered while the leases were being settled.
        if (_tally is not null) await _tally.CloseWithinAsync(SettlePatience).ConfigureAwait(false);
        if (_alerting is not null) await _alerting.DisposeAsync().ConfigureAwait(false);
        _upstream?.Dispose();
        _checkIds?.Dispose();
    }

    private void Tell(UsageProgress progress) =>
        Log.Progress(logger, progress.Work, progress.Rows, progress.Elapsed, progress.Rate);

    private SurfaceParts NewParts(
        Checker checker, UsageViews views, Alerting alerting, Upstream upstream, CheckIds ids, ViewerLinks viewers,
        Measuring measuring) => new()
    {
        GatewayKey = new OperatorKey(settings.GatewayKey),
        AdminKey = new OperatorKey(settings.AdminKey),
        Checker = checker,
        Directory = directory,
        Usage = views,
        Alerting = alerting,
        CheckIds = ids,
        Viewers = viewers,
        Upstream = upstream,
        Proxy = settings.Proxy,
        // Another policy is another deployment, or a changed setting: both start the process anew.
        Health = new HealthHandler(directory, static () => null, () => checker.Policy, static () => null),
        Metrics = measuring,
        Clock = clock,
        Logger = logger,
    };
}
