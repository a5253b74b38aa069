using Limiter.Described;
using Limiter.Described.Alerts;
using Limiter.Described.Edges;
using Limiter.Described.Process;
using Limiter.Described.Tenants;
using Limiter.Described.Traffic;
using Limiter.Described.Usage;
using Limiter.Domain.Policies;
using Limiter.Http.Alerts;
using Limiter.Http.Auth;
using Limiter.Http.Checks;
using Limiter.Http.Clock;
using Limiter.Http.Dashboard;
using Limiter.Http.Edges;
using Limiter.Http.Explain;
using Limiter.Http.Gateways;
using Limiter.Http.Health;
using Limiter.Http.Metrics;
using Limiter.Http.OpenApi;
using Limiter.Http.Proxy;
using Limiter.Http.Tenants;
using Limiter.Http.Usage;

namespace Limiter.Http.Surface;

/// <summary>The table of the surface's calls, given what answers them.</summary>
public sealed class Calls
{
    public required CheckHandler Check { get; init; }

    public required ChargeHandler Charge { get; init; }

    public required LimitsHandler Limits { get; init; }

    public required ExplainHandler Explain { get; init; }

    public required TenantHandler Tenants { get; init; }

    public required KeyHandler Keys { get; init; }

    public required RotationHandler Rotations { get; init; }

    public required LinkHandler Links { get; init; }

    public required ChangesHandler Changes { get; init; }

    public required OverrideHandler Overrides { get; init; }

    public required AdjustmentHandler Adjustments { get; init; }

    public required LeasesHandler Leases { get; init; }

    public required IdentitiesHandler Identities { get; init; }

    public required PolicyHandler Policy { get; init; }

    public required RowsHandler Rows { get; init; }

    public required UsageHandler Usage { get; init; }

    public required OverviewHandler Overview { get; init; }

    public required LiveHandler Live { get; init; }

    public required AlertsHandler Alerts { get; init; }

    public required SentAlertsHandler SentAlerts { get; init; }

    public required AuthorizeHandler Authorize { get; init; }

    public required ProxyHandler Proxy { get; init; }

    public required HealthHandler Health { get; init; }

    public required Measuring Metrics { get; init; }

    /// <summary>Null but in Development on loopback.</summary>
    public ClockHandler? Clock { get; init; }

    /// <summary>The handlers over what a host has; both hosts answer alike because this is the one place.</summary>
    /// <param name="parts">What the host has.</param>
    /// <param name="guesses">Slows the guessing of credentials.</param>
    public static Calls Of(SurfaceParts parts, KeyGuesses guesses)
    {
        var (checker, directory, clock) = (parts.Checker, parts.Directory, parts.Clock);
        var results = new CheckResults(parts.CheckIds);
        var keys = new KeyHandler(directory, checker, clock);
        var changes = new TenantChanges(directory, checker);
        Func<Policy> inForce = () => checker.Policy.Policy;
        var alerts = parts.Alerting.Rules(inForce);
        return new Calls
        {
            Check = new CheckHandler(checker, results),
            Charge = new ChargeHandler(checker, parts.CheckIds, inForce, clock),
            Limits = new LimitsHandler(checker, clock),
            Explain = new ExplainHandler(checker),
            Tenants = new TenantHandler(directory, changes, checker, inForce, clock, alerts.ForgetAsync),
            Keys = keys,
            Rotations = new RotationHandler(directory, keys, checker, clock),
            Links = new LinkHandler(directory, parts.Viewers, clock),
            Changes = new ChangesHandler(directory, clock),
            Overrides = new OverrideHandler(changes, inForce, clock),
            Adjustments = new AdjustmentHandler(changes, inForce, clock),
            Leases = new LeasesHandler(checker.Remotes),
            Identities = new IdentitiesHandler(checker.Remotes),
            Policy = new PolicyHandler(checker.Remotes),
            Rows = new RowsHandler(checker.Remotes),
            Usage = new UsageHandler(parts.Usage.Reader, directory, clock),
            Overview = new OverviewHandler(parts.Usage.Overview, () => checker.Policy),
            Live = new LiveHandler(parts.Usage.Live),
            Alerts = alerts,
            SentAlerts = parts.Alerting.Sent(),
            Authorize = new AuthorizeHandler(checker, results, parts.Proxy, guesses),
            Proxy = new ProxyHandler(checker, results, parts.Upstream, guesses, clock, parts.Logger),
            Health = parts.Health,
            Metrics = parts.Metrics,
            Clock = parts.Development,
        };
    }

    public IEnumerable<Call> All() =>
        [.. Traffic(), .. Edges(), .. Administration(), .. Monitoring(), .. Process(), .. Development()];

    private IEnumerable<Call> Traffic()
    {
        yield return new(TrafficOperations.Check, Check.HandleAsync);
        yield return new(TrafficOperations.Charge, Charge.HandleAsync);
        yield return new(TrafficOperations.Limits, Limits.HandleAsync);
        yield return new(TrafficOperations.Explain, Explain.HandleAsync);
        yield return new(TrafficOperations.Authorize, Authorize.HandleAsync);
        yield return new(TrafficOperations.Proxy, Proxy.HandleAsync);
    }

    private IEnumerable<Call> Edges()
    {
        yield return new(EdgeOperations.Leases, Leases.HandleAsync);
        yield return new(EdgeOperations.Identities, Identities.HandleAsync);
        yield return new(EdgeOperations.Policy, Policy.HandleAsync);
        yield return new(EdgeOperations.Rows, Rows.HandleAsync);
    }

    private IEnumerable<Call> Administration()
    {
        yield return new(TenantOperations.List, Tenants.ListAsync);
        yield return new(TenantOperations.Put, Tenants.PutAsync);
        yield return new(TenantOperations.Get, Tenants.GetAsync);
        yield return new(TenantOperations.Delete, Tenants.DeleteAsync);
        yield return new(KeyOperations.Mint, Keys.PostAsync);
        yield return new(KeyOperations.List, Keys.ListAsync);
        yield return new(KeyOperations.Get, Keys.GetAsync);
        yield return new(KeyOperations.Revoke, Keys.DeleteAsync);
        yield return new(KeyOperations.Rotate, Rotations.PostAsync);
        yield return new(TenantOperations.MakeLink, Links.PostAsync);
        yield return new(TenantOperations.Changes, Changes.GetAsync);
        yield return new(TermsOperations.PutOverride, Overrides.PutAsync);
        yield return new(TermsOperations.DeleteOverride, Overrides.DeleteAsync);
        yield return new(TermsOperations.PutAdjustment, Adjustments.PutAsync);
        yield return new(TermsOperations.DeleteAdjustment, Adjustments.DeleteAsync);
    }

    private IEnumerable<Call> Monitoring()
    {
        yield return new(UsageOperations.Usage, Usage.GetAsync);
        yield return new(UsageOperations.Overview, Overview.GetAsync);
        yield return new(UsageOperations.Live, Live.GetAsync);
        yield return new(AlertOperations.Put, Alerts.PutAsync);
        yield return new(AlertOperations.Get, Alerts.GetAsync);
        yield return new(AlertOperations.Delete, Alerts.DeleteAsync);
        yield return new(AlertOperations.Test, SentAlerts.TestAsync);
        yield return new(AlertOperations.Sent, SentAlerts.GetAsync);
    }

    private IEnumerable<Call> Process()
    {
        var metrics = ProcessOperations.Metrics;
        yield return new(ProcessOperations.Page, PageHandler.HandleAsync);
        yield return new(ProcessOperations.PageFile, PageHandler.HandleAsync);
        yield return new(ProcessOperations.Live, HealthHandler.LiveAsync);
        yield return new(ProcessOperations.Ready, Health.ReadyAsync);
        yield return new(Metrics.IsOpen ? metrics with { Access = Access.Anyone } : metrics, Metrics.HandleAsync);
        yield return new(ProcessOperations.Description, OpenApiHandler.HandleAsync);
    }

    private IEnumerable<Call> Development()
    {
        if (Clock is null) yield break;
        yield return new(ProcessOperations.ReadClock, Clock.GetAsync);
        yield return new(ProcessOperations.SetClock, Clock.PutAsync);
    }
}
