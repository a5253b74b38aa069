using Limiter.Domain.Policies;
using Limiter.Engine.Clocks;
using Limiter.Http.Auth;
using Limiter.Http.Checks;
using Limiter.Http.Clock;
using Limiter.Http.Health;
using Limiter.Http.Metrics;
using Limiter.Http.Proxy;
using Limiter.Http.Surface;
using Limiter.Server.Options;
using Limiter.Server.Policies;
using Limiter.Server.Startup;
using Limiter.Sqlite;

namespace Limiter.Server;

/// <summary>The self-hosted server: one process that answers the whole surface.</summary>
public sealed class LimiterServer : IAsyncDisposable
{
    /// <summary>Longest time for requests in flight to end when the server stops.</summary>
    private static readonly TimeSpan StopPatience = TimeSpan.FromSeconds(10);

    private const string PolicyCategory = "Limiter.Policy";
    private const string UsageCategory = "Limiter.Usage";

    private readonly WebApplication _app;
    private readonly Store _store;
    private readonly ServerEdge _edge;
    private readonly Upstream _upstream;
    private readonly CheckIds _checkIds;
    private readonly Measuring _measuring;
    private readonly PolicyReloading? _reloading;
    private PolicyWatch? _watch;

    private LimiterServer(
        WebApplication app, Store store, ServerEdge edge, Upstream upstream, CheckIds checkIds,
        Measuring measuring, HttpSurface surface, PolicyReloading? reloading)
    {
        (_app, _store, _edge, _upstream, _checkIds) = (app, store, edge, upstream, checkIds);
        (_measuring, Surface, _reloading) = (measuring, surface, reloading);
    }

    /// <summary>What the server answers.</summary>
    public HttpSurface Surface { get; }

    /// <summary>The first address that the server listens on, with its true port. Only after it has started.</summary>
    public Uri Address => new(_app.Urls.First());

    /// <summary>Composes a server; it listens after <see cref="StartAsync"/>.</summary>
    /// <param name="options">Valid options.</param>
    /// <param name="policy">What it serves.</param>
    /// <param name="clock">
    /// Its clock. A <see cref="ManualClock"/> that is behind what the store has seen is moved there.
    /// </param>
    /// <param name="cancellation">Ends the wait for the store.</param>
    /// <param name="policyFile">Where the policy is from: it is watched, and followed. Null: it stays as it is.</param>
    /// <exception cref="StoreException">The data folder cannot be used.</exception>
    public static async Task<LimiterServer> OpenAsync(
        ServerOptions options, Policy policy, TimeProvider clock, CancellationToken cancellation,
        string? policyFile = null)
    {
        var builder = NewBuilder(options);
        var app = builder.Build();
        var store = Store.Open(options, clock, app.Services.GetRequiredService<ILoggerFactory>());
        ServerEdge? edge = null;
        try
        {
            if (clock is ManualClock manual && store.LatestTime is { } latest
                && latest.ToDateTimeOffset() > manual.GetUtcNow()) manual.AdvanceTo(latest.ToDateTimeOffset());
            if (options.Samples)
                await SampleTenants.RegisterAsync(store.Directory, policy, clock, cancellation).ConfigureAwait(false);
            var told = app.Services.GetRequiredService<ILoggerFactory>().CreateLogger(UsageCategory);
            edge = await ServerEdge.OpenAsync(options, policy, store, clock, app.Logger, told, cancellation)
                .ConfigureAwait(false);
            var upstream = Upstream.Open(app.Services, options.Proxy);
            var signingKey = await store.Directory.SigningKeyAsync(cancellation).ConfigureAwait(false);
            var checkIds = new CheckIds(signingKey);
            var viewers = new ViewerLinks(signingKey, clock);
            var reloading = policyFile is null ? null : new PolicyReloading(
                policyFile, edge.Checker, store.Directory, clock, PolicyLogger(app));
            var measuring = new Measuring(edge.Checker, edge.Usage, edge.Alerting.Watch.Counts, options.Metrics);
            var surface = HttpSurface.Of(
                NewParts(options, store, edge, upstream, checkIds, viewers, clock, app.Logger, reloading, measuring));
            app.MapSurface(surface);
            return new LimiterServer(app, store, edge, upstream, checkIds, measuring, surface, reloading);
        }
        catch
        {
            if (edge is not null) await edge.DisposeAsync().ConfigureAwait(false);
            await store.DisposeAsync().ConfigureAwait(false);
            await app.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <exception cref="IOException">An address cannot be listened on.</exception>
    public async Task StartAsync(CancellationToken cancellation)
    {
        await _app.StartAsync(cancellation).ConfigureAwait(false);
        if (_reloading is not null) _watch = new PolicyWatch(_reloading, PolicyLogger(_app));
    }

    /// <summary>Looks at the policy's file now, as SIGHUP does.</summary>
    public Task<ReloadOutcome> ReloadAsync(CancellationToken cancellation) =>
        _reloading?.RunAsync(isAsked: true, cancellation) ?? Task.FromResult(ReloadOutcome.Unchanged);

    /// <summary>Until the process is told to stop (SIGTERM, SIGINT).</summary>
    public Task WaitForShutdownAsync(CancellationToken cancellation) => _app.WaitForShutdownAsync(cancellation);

    /// <summary>
    /// Ends the requests in flight, then settles the leases and saves the usage, then closes the store.
    /// </summary>
    public async ValueTask DisposeAsync()
    {
        if (_watch is not null) await _watch.DisposeAsync().ConfigureAwait(false);
        await _app.StopAsync().ConfigureAwait(false);
        _reloading?.Dispose();
        _measuring.Dispose();
        await _edge.DisposeAsync().ConfigureAwait(false);
        await _store.DisposeAsync().ConfigureAwait(false);
        _upstream.Dispose();
        _checkIds.Dispose();
        await _app.DisposeAsync().ConfigureAwait(false);
    }

    private static ILogger PolicyLogger(WebApplication app) =>
        app.Services.GetRequiredService<ILoggerFactory>().CreateLogger(PolicyCategory);

    private static WebApplicationBuilder NewBuilder(ServerOptions options)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions
        {
            EnvironmentName = options.IsDevelopment ? Environments.Development : Environments.Production,
            ContentRootPath = AppContext.BaseDirectory,
        });
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        LogFilters.Apply(builder.Logging);
        builder.Logging.AddFilter(PolicyCategory, LogLevel.Information);
        builder.Logging.AddFilter(UsageCategory, LogLevel.Information);
        // Begins an activity for every request that nobody follows; what is to be told is logged by our own lines.
        builder.Logging.AddFilter("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.None);
        // A line of ours says the same without a stack trace for every client that goes away.
        builder.Logging.AddFilter("Yarp", LogLevel.Error);
        // What cannot start is told in one line, by whoever started it.
        builder.Logging.AddFilter("Microsoft.Extensions.Hosting", LogLevel.Critical);
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = StopPatience);
        Upstream.AddServices(builder.Services);
        builder.WebHost.ConfigureKestrel(KestrelBounds.Apply);
        // Nothing here blocks the thread that answers: a request goes on where its bytes arrived.
        builder.WebHost.UseSockets(sockets => sockets.UnsafePreferInlineScheduling = true);
        builder.WebHost.UseUrls(Listening.Split(options.Urls));
        return builder;
    }

    private static SurfaceParts NewParts(
        ServerOptions options, Store store, ServerEdge edge, Upstream upstream, CheckIds ids, ViewerLinks viewers,
        TimeProvider clock, ILogger logger, PolicyReloading? reloading, Measuring measuring)
    {
        var checker = edge.Checker;
        return new SurfaceParts
        {
            GatewayKey = new OperatorKey(options.GatewayKey),
            AdminKey = new OperatorKey(options.AdminKey),
            Checker = checker,
            Directory = store.Directory,
            Usage = edge.Views,
            Alerting = edge.Alerting,
            CheckIds = ids,
            Viewers = viewers,
            Upstream = upstream,
            Proxy = options.Proxy,
            Health = new HealthHandler(
                store.Directory, store.Trouble, () => checker.Policy, () => reloading?.Failure),
            Metrics = measuring,
            Clock = clock,
            Logger = logger,
            Development = options.IsDevelopment ? new ClockHandler(clock, checker, edge.CatchUpAsync) : null,
        };
    }
}
