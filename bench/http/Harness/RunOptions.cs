using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Harness.Contending;
using Harness.Loading;

namespace Harness;

/// <summary>What is to be measured, and how long.</summary>
internal sealed record RunOptions
{
    public const int RoundsMax = 20;
    public const int SecondsMax = 60;

    public int Rounds { get; init; } = 3;

    public int Seconds { get; init; } = 4;

    /// <summary>
    /// Seconds of load, twice before the first round, so that nothing is measured while it is being compiled.
    /// </summary>
    public int WarmUpSeconds { get; init; } = 10;

    /// <summary>Contenders by name; Limiter itself always takes part. Empty: all.</summary>
    public IReadOnlyList<string> Only { get; init; } = [];

    /// <summary>Workloads by name. Empty: all.</summary>
    public IReadOnlyList<string> Workloads { get; init; } = [];

    /// <summary>check or proxy. Empty: both.</summary>
    public IReadOnlyList<string> Families { get; init; } = [];

    /// <summary>Where the results go.</summary>
    public string Out { get; init; } = "artifacts/bench";

    /// <summary>Whether the tables and plots of docs/performance.md are replaced.</summary>
    public bool Docs { get; init; }

    public static string Help => $"""
        bench/http/run.sh [--rounds N] [--seconds N] [--only CONTENDER,...] [--workload NAME,...] [--family check|proxy]
                          [--quick] [--docs] [--out FOLDER]
          --rounds    alternating rounds, 1 to {RoundsMax}; default 3
          --seconds   of each round, 1 to {SecondsMax}; default 4
          --only      of {string.Join(", ", Catalogue.Names)}
          --workload  of {string.Join(", ", Workload.All.Select(workload => workload.Name).Distinct())}
          --quick     one round of 2 seconds: does everything still run?
          --docs      put the tables and plots into docs/performance.md
          --out       folder of http.json, http.md and the plots; default artifacts/bench
        """;

    public static bool TryRead(
        IReadOnlyList<string> args, [NotNullWhen(true)] out RunOptions? options, out string error)
    {
        (options, error) = (null, Help);
        var read = new RunOptions();
        for (var i = 0; i < args.Count; i++)
        {
            if (args[i] == "--quick") read = read with { Rounds = 1, Seconds = 2, WarmUpSeconds = 1 };
            else if (args[i] == "--docs") read = read with { Docs = true };
            else if (args[i] == "--help" || i + 1 == args.Count) return false;
            else if (Take(read, args[i], args[++i]) is { } taken) read = taken;
            else
            {
                error = $"{args[i - 1]} {args[i]}: there is no such option or value.\n{Help}";
                return false;
            }
        }
        options = read;
        return true;
    }

    private static RunOptions? Take(RunOptions read, string name, string value) => name switch
    {
        "--rounds" when Number(value, RoundsMax) is { } rounds => read with { Rounds = rounds },
        "--seconds" when Number(value, SecondsMax) is { } seconds => read with { Seconds = seconds },
        "--only" when Names(value, Catalogue.Names) is { } only => read with { Only = only },
        "--workload" when Names(value, Workload.All.Select(known => known.Name)) is { } workloads =>
            read with { Workloads = workloads },
        "--family" when Names(value, ["check", "proxy"]) is { } families => read with { Families = families },
        "--out" => read with { Out = value },
        _ => null,
    };

    private static int? Number(string text, int most) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
        && number >= 1 && number <= most ? number : null;

    private static string[]? Names(string text, IEnumerable<string> known) =>
        text.Split(',') is var names && names.All(known.Contains) ? names : null;
}
