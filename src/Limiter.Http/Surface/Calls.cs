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
        yield return new("POST", "/v1/check", Access.Gateway, Check.HandleAsync);
        yield return new("POST", "/v1/charge", Access.Gateway, Charge.HandleAsync);
        yield return new("GET", "/v1/limits", Access.Gateway, Limits.HandleAsync) { ServesViewers = true };
        yield return new("POST", "/v1/explain", Access.Gateway, Explain.HandleAsync);
        yield return new(Call.AnyMethod, "/v1/authorize/{**path}", Access.Door, Authorize.HandleAsync);
        // The API's own clients call it: their credential is the policy's business, not the operator's.
        yield return new(Call.AnyMethod, "/proxy/{**path}", Access.Anyone, Proxy.HandleAsync);
    }

    private IEnumerable<Call> Edges()
    {
        yield return new("POST", "/v1/leases", Access.Gateway, Leases.HandleAsync);
        yield return new("POST", "/v1/identities", Access.Gateway, Identities.HandleAsync);
        yield return new("GET", "/v1/policy", Access.Gateway, Policy.HandleAsync);
        yield return new("POST", "/v1/rows", Access.Gateway, Rows.HandleAsync);
    }

    private IEnumerable<Call> Administration()
    {
        const string tenant = "/v1/tenants/{tenant}";
        yield return new("GET", "/v1/tenants", Access.Admin, Tenants.ListAsync);
        yield return new("PUT", tenant, Access.Admin, Tenants.PutAsync);
        yield return new("GET", tenant, Access.Admin, Tenants.GetAsync);
        yield return new("DELETE", tenant, Access.Admin, Tenants.DeleteAsync);
        yield return new("POST", tenant + "/keys", Access.Admin, Keys.PostAsync);
        yield return new("GET", tenant + "/keys", Access.Admin, Keys.ListAsync);
        yield return new("GET", tenant + "/keys/{key}", Access.Admin, Keys.GetAsync);
        yield return new("DELETE", tenant + "/keys/{key}", Access.Admin, Keys.DeleteAsync);
        yield return new("POST", tenant + "/keys/{key}/rotate", Access.Admin, Rotations.PostAsync);
        yield return new("POST", tenant + "/links", Access.Admin, Links.PostAsync);
        yield return new("GET", tenant + "/changes", Access.Admin, Changes.GetAsync);
        yield return new("PUT", tenant + "/overrides/{limit}", Access.Admin, Overrides.PutAsync);
        yield return new("DELETE", tenant + "/overrides/{limit}", Access.Admin, Overrides.DeleteAsync);
        yield return new("PUT", tenant + "/adjustments/{limit}", Access.Admin, Adjustments.PutAsync);
        yield return new("DELETE", tenant + "/adjustments/{limit}", Access.Admin, Adjustments.DeleteAsync);
    }

    private IEnumerable<Call> Monitoring()
    {
        const string alerts = "/v1/tenants/{tenant}/alerts";
        yield return new("GET", "/v1/usage/{tenant}", Access.Admin, Usage.GetAsync) { ServesViewers = true };
        yield return new("GET", "/v1/overview", Access.Admin, Overview.GetAsync);
        yield return new("GET", "/v1/live", Access.Admin, Live.GetAsync);
        yield return new("PUT", alerts, Access.Admin, Alerts.PutAsync);
        yield return new("GET", alerts, Access.Admin, Alerts.GetAsync);
        yield return new("DELETE", alerts, Access.Admin, Alerts.DeleteAsync);
        yield return new("POST", alerts + "/test", Access.Admin, SentAlerts.TestAsync);
        yield return new("GET", alerts + "/sent", Access.Admin, SentAlerts.GetAsync) { ServesViewers = true };
    }

    private IEnumerable<Call> Process()
    {
        yield return new("GET", "/", Access.Anyone, PageHandler.HandleAsync);
        yield return new("GET", "/dashboard/{**path}", Access.Anyone, PageHandler.HandleAsync);
        yield return new("GET", "/healthz", Access.Anyone, HealthHandler.LiveAsync);
        yield return new("GET", "/readyz", Access.Anyone, Health.ReadyAsync);
        yield return new("GET", "/metrics", Metrics.IsOpen ? Access.Anyone : Access.Admin, Metrics.HandleAsync);
        yield return new("GET", "/openapi/v1.json", Access.Anyone, OpenApiHandler.HandleAsync);
    }

    private IEnumerable<Call> Development()
    {
        if (Clock is null) yield break;
        yield return new("GET", "/dev/clock", Access.Anyone, Clock.GetAsync);
        yield return new("PUT", "/dev/clock", Access.Anyone, Clock.PutAsync);
    }
}
