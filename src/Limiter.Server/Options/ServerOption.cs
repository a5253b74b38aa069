namespace Limiter.Server.Options;

/// <summary>One option of the server, by all its names.</summary>
/// <param name="Setting">
/// Its name in a settings file under <c>Limiter</c>, and after <c>LIMITER__</c> in the environment.
/// </param>
/// <param name="Flag">Its name on the command line.</param>
/// <param name="Value">What its value is, for the help; null for a flag without a value.</param>
/// <param name="Help">One line on what it does and its default.</param>
public sealed record ServerOption(string Setting, string Flag, string? Value, string Help)
{
    public const string Section = "Limiter";

    public static readonly ServerOption Policy = new("Policy", "--policy", "FILE",
        "policy file, or the name of a shipped policy; default in Development: waqti");

    public static readonly ServerOption Data = new("Data", "--data", "FOLDER",
        "folder of the store, or 'memory' for none; default limiter-data");

    public static readonly ServerOption Upstream = new("Upstream", "--upstream", "URL",
        "where /proxy/... forwards to; default none");

    public static readonly ServerOption Urls = new("Urls", "--urls", "URL",
        "addresses to listen on, joined by ';'; default http://127.0.0.1:7071");

    public static readonly ServerOption Clock = new("Clock", "--clock", "system|manual",
        "manual (Development only): moves only by PUT /dev/clock; default system");

    public static readonly ServerOption GatewayKey = new("GatewayKey", "--gateway-key", "KEY",
        "key of check, charge and limits; default in Development on loopback: dev");

    public static readonly ServerOption AdminKey = new("AdminKey", "--admin-key", "KEY",
        "key of everything; default in Development on loopback: dev");

    public static readonly ServerOption LeaseMs = new("LeaseMs", "--lease-ms", "N",
        "longest lifetime of a lease, 0 to 30000 ms; default 10000");

    public static readonly ServerOption CredentialHeader = new("CredentialHeader", "--credential-header", "NAME",
        "header of a proxied caller's credential; default Authorization: Bearer");

    public static readonly ServerOption ClientAddressHeader = new(
        "ClientAddressHeader", "--client-address-header", "NAME",
        "trusted header of a proxied client's address; default none: the peer's address");

    public static readonly ServerOption UpstreamTimeout = new("UpstreamTimeout", "--upstream-timeout", "SECONDS",
        "longest silence of the upstream, 1 to 3600 s; default 100");

    public static readonly ServerOption ConnectTimeout = new("ConnectTimeout", "--connect-timeout", "SECONDS",
        "longest time to connect to the upstream, 1 to 60 s; default 5");

    public static readonly ServerOption OpenMetrics = new("OpenMetrics", "--open-metrics", null,
        "GET /metrics asks for no key; default: the admin key");

    public static readonly ServerOption Otlp = new("Otlp", "--otlp", "URL",
        "OTLP collector that metrics are sent to over HTTP; default none");

    public static readonly ServerOption KeepMinutes = new("KeepMinutes", "--keep-minutes", "DAYS",
        "how long usage is kept by minute, 3 to 3653 days; default 31");

    public static readonly ServerOption KeepHours = new("KeepHours", "--keep-hours", "DAYS",
        "how long usage is kept by hour, 2 days more than by minute at least; default 90");

    public static readonly ServerOption KeepDays = new("KeepDays", "--keep-days", "DAYS",
        "how long usage is kept by day, 62 days more than by hour at least; default 731");

    public static readonly ServerOption AlertAt = new("AlertAt", "--alert-at", "PERCENTS",
        "what tenants without a rule of their own are told of: percents, 100 for exceeded, or none; default 80,100");

    public static readonly ServerOption AlertSummary = new("AlertSummary", "--alert-summary", null,
        "they are told of each closed day as well; default: they are not");

    public static readonly ServerOption AlertFile = new("AlertFile", "--alert-file", "FILE",
        "where alerts without a webhook are written, a line each; default: the output");

    public static readonly ServerOption PrivateHooks = new("PrivateHooks", "--private-hooks", null,
        "webhooks may be plain http and at private addresses; default: https at public ones");

    public static readonly ServerOption NoSamples = new("NoSamples", "--no-samples", null,
        "Development: do not register the sample tenants acme and globex");

    public static readonly IReadOnlyList<ServerOption> All =
    [
        Policy, Data, Upstream, Urls, Clock, GatewayKey, AdminKey, LeaseMs, CredentialHeader, ClientAddressHeader,
        UpstreamTimeout, ConnectTimeout, OpenMetrics, Otlp, AlertAt, AlertSummary, AlertFile, PrivateHooks,
        KeepMinutes, KeepHours, KeepDays,
        NoSamples,
    ];

    /// <summary>Its name in the environment.</summary>
    public string Variable => $"{Section}__{Setting}".ToUpperInvariant();
}
