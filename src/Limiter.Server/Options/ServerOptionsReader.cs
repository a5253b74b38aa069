using System.Globalization;
using Limiter.Engine.Usage;
using Limiter.Http.Alerts;
using Limiter.Http.Auth;
using Limiter.Http.Metrics;
using Limiter.Http.Proxy;

namespace Limiter.Server.Options;

/// <summary>
/// Makes options of the command line, the environment and the settings file, or says all that is wrong.
/// </summary>
public sealed class ServerOptionsReader
{
    public const int LeaseMsMin = 0;
    public const int LeaseMsMax = 30_000;

    private const int UpstreamTimeoutMax = 3_600;
    private const int ConnectTimeoutMax = 60;

    private readonly List<string> _errors = [];
    private readonly IReadOnlyDictionary<string, string> _flags;
    private readonly IConfigurationSection _settings;
    private readonly bool _isDevelopment;

    private ServerOptionsReader(IReadOnlyList<string> args, IConfiguration configuration, bool isDevelopment)
    {
        _flags = CommandLine.Read(args, _errors);
        _settings = configuration.GetSection(ServerOption.Section);
        _isDevelopment = isDevelopment;
    }

    /// <summary>Reads the options.</summary>
    /// <param name="args">The command line.</param>
    /// <param name="configuration">
    /// Environment and settings file; what is under <see cref="ServerOption.Section"/> counts.
    /// </param>
    /// <param name="isDevelopment">Whether the process runs in Development.</param>
    /// <param name="errors">Everything that is wrong; empty when nothing is.</param>
    public static ServerOptions Read(
        IReadOnlyList<string> args, IConfiguration configuration, bool isDevelopment, out IReadOnlyList<string> errors)
    {
        var reader = new ServerOptionsReader(args, configuration, isDevelopment);
        var options = reader.Read();
        errors = reader._errors;
        return options;
    }

    private ServerOptions Read()
    {
        RefuseUnknownSettings();
        var urls = Text(ServerOption.Urls) ?? ServerOptions.DefaultUrls;
        var isLocal = Listening.Check(urls, _errors) && _isDevelopment;
        RefuseEqualKeys();
        return new ServerOptions
        {
            Policy = PolicyName(),
            Data = Text(ServerOption.Data) ?? ServerOptions.DefaultData,
            Urls = urls,
            ManualClock = IsManual(),
            GatewayKey = Key(ServerOption.GatewayKey, isLocal),
            AdminKey = Key(ServerOption.AdminKey, isLocal),
            LeaseMs = Number(ServerOption.LeaseMs, LeaseMsMin, LeaseMsMax),
            Samples = _isDevelopment && !Boolean(ServerOption.NoSamples),
            IsDevelopment = _isDevelopment,
            Proxy = Proxy(),
            Metrics = new MetricsOptions
            {
                Open = Boolean(ServerOption.OpenMetrics),
                Otlp = Address(ServerOption.Otlp),
            },
            Kept = Kept(),
            Alerts = Alerts(),
        };
    }

    private AlertingOptions Alerts()
    {
        var rule = AlertingOptions.TryRule(Text(ServerOption.AlertAt), Boolean(ServerOption.AlertSummary));
        if (rule is null) Wrong(ServerOption.AlertAt, $"it must be {AlertingOptions.ThresholdsRule}");
        var file = Text(ServerOption.AlertFile);
        if (file is not null && !Directory.Exists(Path.GetDirectoryName(Path.GetFullPath(file))))
            Wrong(ServerOption.AlertFile, $"the folder of '{file}' does not exist");
        return new AlertingOptions
        {
            Otherwise = rule ?? new AlertingOptions().Otherwise,
            File = file,
            PrivateHooks = Boolean(ServerOption.PrivateHooks),
        };
    }

    private UsageKept Kept()
    {
        ServerOption[] options = [ServerOption.KeepMinutes, ServerOption.KeepHours, ServerOption.KeepDays];
        var kept = UsageKept.Of([.. options.Select(option => Number(option, 1, UsageKept.DaysMax))]);
        if (kept.Refuse() is var (grain, why))
            Wrong(ServerOption.All.First(option => option.Setting == $"Keep{grain}s"), why);
        return kept;
    }

    private ProxyOptions Proxy()
    {
        var none = new ProxyOptions();
        return none with
        {
            Upstream = Address(ServerOption.Upstream),
            CredentialHeader = Header(ServerOption.CredentialHeader),
            ClientAddressHeader = Header(ServerOption.ClientAddressHeader),
            ActivityTimeout = Number(ServerOption.UpstreamTimeout, 1, UpstreamTimeoutMax) is { } silence
                ? TimeSpan.FromSeconds(silence) : none.ActivityTimeout,
            ConnectTimeout = Number(ServerOption.ConnectTimeout, 1, ConnectTimeoutMax) is { } connect
                ? TimeSpan.FromSeconds(connect) : none.ConnectTimeout,
        };
    }

    private Uri? Address(ServerOption option)
    {
        Uri? address = null;
        if (Text(option) is { } url && !ProxyOptions.IsUpstream(url, out address))
            Wrong(option, $"'{url}' is no http or https address without query");
        return address;
    }

    private string PolicyName()
    {
        if (Text(ServerOption.Policy) is { } name) return name;
        var standard = new ServerOptions().Policy;
        if (!_isDevelopment) Wrong(ServerOption.Policy, "required outside Development");
        return standard;
    }

    private bool IsManual()
    {
        var text = Text(ServerOption.Clock) ?? "system";
        if (text is not ("system" or "manual")) Wrong(ServerOption.Clock, $"'{text}' is neither system nor manual");
        if (text == "manual" && !_isDevelopment) Wrong(ServerOption.Clock, "manual is for Development only");
        return text == "manual";
    }

    private string Key(ServerOption option, bool isLocal)
    {
        var key = Text(option);
        if (key is null && !isLocal)
            Wrong(option, "required, unless in Development (ASPNETCORE_ENVIRONMENT) on loopback addresses");
        else if (key is not null && OperatorKeys.Refuse(key, _isDevelopment) is { } why)
            Wrong(option, why);
        return key ?? ServerOptions.DevelopmentKey;
    }

    private void RefuseEqualKeys()
    {
        var (gateway, admin) = (Given(ServerOption.GatewayKey), Given(ServerOption.AdminKey));
        if (OperatorKeys.RefusePair(gateway, admin, ServerOption.GatewayKey.Flag, _isDevelopment) is { } why)
            Wrong(ServerOption.AdminKey, why);
    }

    private string? Header(ServerOption option)
    {
        if (Text(option) is not { } name) return null;
        if (!name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_'))
            Wrong(option, $"'{name}' is no header's name");
        return name;
    }

    private int? Number(ServerOption option, int min, int max)
    {
        if (Text(option) is not { } text) return null;
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            && number >= min && number <= max) return number;
        Wrong(option, $"'{text}' is no whole number from {min} to {max}");
        return null;
    }

    private bool Boolean(ServerOption option)
    {
        if (Text(option) is not { } text) return false;
        if (!bool.TryParse(text, out var value)) Wrong(option, $"'{text}' is neither true nor false");
        return value;
    }

    private string? Text(ServerOption option)
    {
        var text = Given(option);
        if (text is not { Length: 0 }) return text;
        Wrong(option, "empty");
        return null;
    }

    private string? Given(ServerOption option) =>
        _flags.GetValueOrDefault(option.Setting) ?? _settings[option.Setting];

    private void RefuseUnknownSettings()
    {
        foreach (var setting in _settings.GetChildren())
            if (!ServerOption.All.Any(known => known.Setting.Equals(setting.Key, StringComparison.OrdinalIgnoreCase)))
                _errors.Add($"setting {setting.Path}: there is no such setting; --help lists them");
    }

    private void Wrong(ServerOption option, string why) => _errors.Add($"{option.Flag}: {why}");
}
