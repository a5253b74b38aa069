using System.Globalization;

namespace Limiter.Bench.Growth;

/// <summary>Measures the curves, prints them, and on request puts them into docs/performance.md.</summary>
internal static class GrowthReport
{
    private static readonly IReadOnlyList<(string Name, Func<Task<Curve>> MeasureAsync)> s_curves =
    [
        ("tenants", CheckCurves.TenantsAsync), ("limits", CheckCurves.LimitsAsync), ("rules", CheckCurves.RulesAsync),
        ("keys", CheckCurves.KeysAsync), ("edges", () => Task.FromResult(EdgesCurve.Measure())),
    ];

    public static async Task RunAsync(string[] args)
    {
        var only = args.Where(arg => s_curves.Any(curve => curve.Name == arg)).ToArray();
        var docs = args.Contains("--docs") ? Documents.Find() : null;
        foreach (var (name, measureAsync) in s_curves)
        {
            if (only.Length > 0 && !only.Contains(name)) continue;
            var curve = await measureAsync();
            var table = CurveText.Table(curve);
            Console.WriteLine($"{name}\n\n{table}\n{CurveText.Csv(curve)}");
            if (docs is null) continue;
            docs.Replace(name, $"{About(name)}\n\n![{name}](performance/{name}.svg)\n\n{table}");
            docs.WritePlot(name, CurveText.Svg(curve));
        }
    }

    private static string About(string name)
    {
        // The simulator's figures are the same on every machine, however busy it is.
        if (name == "edges") return "Counted in the simulator, seeds 1 to 5.";
        var load = double.Parse(File.ReadAllText("/proc/loadavg").Split(' ')[0], CultureInfo.InvariantCulture);
        var at = DateTime.UtcNow.ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture);
        return string.Create(CultureInfo.InvariantCulture, $"Measured {at}, one thread; load average then {load:F1}.");
    }
}
