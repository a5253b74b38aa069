using System.Globalization;
using Limiter.Domain.Policies;
using Limiter.Engine.Usage;
using Limiter.Http.Alerts;
using Limiter.Http.Auth;
using Limiter.Http.Metrics;
using Limiter.Http.Proxy;
using Limiter.Http.Startup;
using Microsoft.Extensions.Configuration;

namespace Limiter.Functions.Startup;

/// <summary>
/// Makes settings of what a person configured, or says all that is wrong. The app has no Development of its own: what
/// runs on a desk today is deployed as it is tomorrow, so the operator's keys are held to the same rules everywhere.
/// </summary>
public sealed class EdgeSettingsReader
{
    private const int LeaseMsMax = 30_000;
    private const string VaultReference = "@Microsoft.KeyVault(";
    private const int UpstreamTimeoutMax = 3_600;
    private const int ConnectTimeoutMax = 60;

    private static readonly string[] Known =
    [
        nameof(EdgeSettings.Policy), nameof(EdgeSettings.Tables), nameof(EdgeSettings.GatewayKey),
        nameof(EdgeSettings.AdminKey), nameof(EdgeSettings.LeaseMs), nameof(ProxyOptions.Upstream),
        nameof(ProxyOptions.CredentialHeader), nameof(ProxyOptions.ClientAddressHeader), "UpstreamTimeout",
        "ConnectTimeout", "OpenMetrics", nameof(MetricsOptions.Otlp), "KeepMinutes", "KeepHours", "KeepDays",
        "AlertAt", "AlertSummary",
        nameof(AlertingOptions.PrivateHooks),
    ];

    private readonly List<string> _errors = [];
    private readonly IConfigurationSection _settings;

    private EdgeSettingsReader(IConfiguration configuration) =>
        _settings = configuration.GetSection(EdgeSettings.Section);

    /// <summary>Reads the settings, the policy's file included.</summary>
    /// <param name="configuration">The app's settings; what is under <see cref="EdgeSettings.Section"/> counts.</param>
    /// <param name="errors">Everything that is wrong; empty when nothing is.</param>
    /// <returns>Null when anything is wrong.</returns>
    public static EdgeSettings? TryRead(IConfiguration configuration, out IReadOnlyList<string> errors)
    {
        var reader = new EdgeSettingsReader(configuration);
        errors = reader._errors;
        reader.RefuseUnknown();
        var (policy, tables) = (reader.ReadPolicy(), reader.Tables());
        var (gateway, admin) = (reader.Key(nameof(EdgeSettings.GatewayKey)), reader.Key(nameof(EdgeSettings.AdminKey)));
        reader.RefuseEqualKeys(gateway, admin);
        var (lease, proxy) = (reader.Number(nameof(EdgeSettings.LeaseMs), 0, LeaseMsMax), reader.Proxy());
        var metrics = new MetricsOptions
        {
            Open = reader.Boolean("OpenMetrics"),
            Otlp = reader.Address(nameof(MetricsOptions.Otlp)),
        };
        var kept = reader.Kept();
        var alerts = reader.Alerts();
        return errors.Count > 0 ? null : new EdgeSettings
        {
            Policy = policy!,
            Tables = tables,
            GatewayKey = gateway,
            AdminKey = admin,
            LeaseMs = lease,
            Proxy = proxy,
            Metrics = metrics,
            Kept = kept,
            Alerts = alerts,
        };
    }

    private UsageKept Kept()
    {
        string[] settings = ["KeepMinutes", "KeepHours", "KeepDays"];
        var kept = UsageKept.Of([.. settings.Select(setting => Number(setting, 1, UsageKept.DaysMax))]);
        if (kept.Refuse() is var (grain, why)) Wrong($"Keep{grain}s", why);
        return kept;
    }

    private Policy? ReadPolicy()
    {
        if (Required(nameof(EdgeSettings.Policy)) is not { } name) return null;
        if (!PolicySource.TryLoad(name, out var policy, out var invalid)) _errors.AddRange(invalid);
        return policy;
    }

    private string Tables()
    {
        var text = Required(nameof(EdgeSettings.Tables)) ?? "";
        var isConnection = text.Contains('=', StringComparison.Ordinal);
        if (text.Length > 0 && !isConnection
            && !(Uri.TryCreate(text, UriKind.Absolute, out var address) && address.Scheme == Uri.UriSchemeHttps))
            Wrong(nameof(EdgeSettings.Tables), "neither an https address of a table service nor a connection string");
        return text;
    }

    private string Key(string setting)
    {
        var key = Required(setting) ?? "";
        // The platform hands on a reference that it cannot resolve as it stands: it must not become the key.
        if (key.StartsWith(VaultReference, StringComparison.OrdinalIgnoreCase))
        {
            Wrong(setting, "a reference into a key vault that was not resolved: see that the app may read the secret");
            return key;
        }
        if (key.Length > 0 && OperatorKeys.Refuse(key, isDevelopment: false) is { } why) Wrong(setting, why);
        return key;
    }

    private void RefuseEqualKeys(string gateway, string admin)
    {
        var gatewayName = $"{EdgeSettings.Section}__{nameof(EdgeSettings.GatewayKey)}";
        if (OperatorKeys.RefusePair(gateway, admin, gatewayName, isDevelopment: false) is { } why)
            Wrong(nameof(EdgeSettings.AdminKey), why);
    }

    private ProxyOptions Proxy()
    {
        var none = new ProxyOptions();
        return none with
        {
            Upstream = Address(nameof(none.Upstream)),
            CredentialHeader = Header(nameof(none.CredentialHeader)),
            ClientAddressHeader = Header(nameof(none.ClientAddressHeader)),
            ActivityTimeout = Number("UpstreamTimeout", 1, UpstreamTimeoutMax) is { } silence
                ? TimeSpan.FromSeconds(silence) : none.ActivityTimeout,
            ConnectTimeout = Number("ConnectTimeout", 1, ConnectTimeoutMax) is { } connect
                ? TimeSpan.FromSeconds(connect) : none.ConnectTimeout,
        };
    }

    private AlertingOptions Alerts()
    {
        var rule = AlertingOptions.TryRule(Text("AlertAt"), Boolean("AlertSummary"));
        if (rule is null) Wrong("AlertAt", $"it must be {AlertingOptions.ThresholdsRule}");
        var none = new AlertingOptions();
        return none with
        {
            Otherwise = rule ?? none.Otherwise,
            PrivateHooks = Boolean(nameof(none.PrivateHooks)),
        };
    }

    private Uri? Address(string setting)
    {
        Uri? address = null;
        if (Text(setting) is { } url && !ProxyOptions.IsUpstream(url, out address))
            Wrong(setting, $"'{url}' is no http or https address without query");
        return address;
    }

    private bool Boolean(string setting)
    {
        if (Text(setting) is not { } text) return false;
        if (!bool.TryParse(text, out var value)) Wrong(setting, $"'{text}' is neither true nor false");
        return value;
    }

    private string? Header(string setting)
    {
        if (Text(setting) is not { } name) return null;
        if (!name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_'))
            Wrong(setting, $"'{name}' is no header's name");
        return name;
    }

    private int? Number(string setting, int min, int max)
    {
        if (Text(setting) is not { } text) return null;
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            && number >= min && number <= max) return number;
        Wrong(setting, $"'{text}' is no whole number from {min} to {max}");
        return null;
    }

    private string? Required(string setting)
    {
        if (_settings[setting] is null) Wrong(setting, "required");
        return Text(setting);
    }

    private string? Text(string setting)
    {
        var text = _settings[setting];
        if (text is not { Length: 0 }) return text;
        Wrong(setting, "empty");
        return null;
    }

    private void RefuseUnknown()
    {
        foreach (var setting in _settings.GetChildren())
            if (!Known.Contains(setting.Key, StringComparer.OrdinalIgnoreCase))
                Wrong(setting.Key, $"there is no such setting; there are {string.Join(", ", Known)}");
    }

    private void Wrong(string setting, string why) => _errors.Add($"{EdgeSettings.Section}__{setting}: {why}");
}
