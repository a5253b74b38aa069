namespace Limiter.Server.Options;

/// <summary>The command line's flags: <c>--name value</c> or <c>--name=value</c>.</summary>
public static class CommandLine
{
    public const string Help = "--help";

    /// <summary>The values by setting; what is wrong goes to <paramref name="errors"/>.</summary>
    public static IReadOnlyDictionary<string, string> Read(IReadOnlyList<string> args, ICollection<string> errors)
    {
        var values = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        for (var i = 0; i < args.Count; i++)
        {
            var (flag, value) = Split(args[i]);
            var option = ServerOption.All.FirstOrDefault(known => known.Flag == flag);
            if (option is null)
            {
                errors.Add($"{flag}: there is no such option; --help lists them");
                continue;
            }
            if (option.Value is null) value ??= "true";
            else if (value is null && i + 1 < args.Count && !args[i + 1].StartsWith("--", StringComparison.Ordinal))
                value = args[++i];
            if (value is null) errors.Add($"{flag}: a value is missing: {flag} {option.Value}");
            else if (!values.TryAdd(option.Setting, value)) errors.Add($"{flag}: given more than once");
        }
        return values;
    }

    public static string HelpText()
    {
        var width = ServerOption.All.Max(option => Usage(option).Length) + 2;
        var lines = ServerOption.All.Select(option => $"  {Usage(option).PadRight(width)}{option.Help}");
        return $"""
            Limiter decides whether a request to a multi-tenant API may pass.

            Options (each is also a setting under "{ServerOption.Section}" in appsettings.json, and an environment
            variable such as {ServerOption.Policy.Variable}; the command line wins, then the environment):
            {string.Join('\n', lines)}

            Exit codes: 0 stopped, 1 cannot start (policy, store or address), 2 wrong options.
            """;
    }

    private static string Usage(ServerOption option) =>
        option.Value is null ? option.Flag : $"{option.Flag} {option.Value}";

    private static (string Flag, string? Value) Split(string argument)
    {
        var equals = argument.IndexOf('=', StringComparison.Ordinal);
        return equals < 0 ? (argument, null) : (argument[..equals], argument[(equals + 1)..]);
    }
}
