using System.Globalization;
using System.Text;
using Harness.Loading;

namespace Harness.Reporting;

/// <summary>What Limiter is to reach beside the others in one run, and whether it did.</summary>
internal static class Targets
{
    private sealed record Target(
        string Family, string Says, double Bound, bool IsLeast, Func<Func<string, string, Summary?>, double?> Measure);

    private static readonly IReadOnlyList<Target> s_all =
    [
        Throughput("check", "empty", 0.9, "the empty endpoint"),
        Throughput("check", "framework", 1.0, "ASP.NET Core's middleware"),
        Throughput("check", "node-memory", 1.6, "rate-limiter-flexible in memory"),
        Throughput("check", "node-redis", 3.0, "rate-limiter-flexible with Redis"),
        Throughput("check", "kestrel-redis", 1.5, "Kestrel with a script in Redis"),
        new("check", "requests/s of a flood, 90 % denied, to those of one hot tenant", 1.0, IsLeast: true,
            find => find("flood", "limiter")?.RequestsPerSecond.Median / find("hot", "limiter")?.RequestsPerSecond.Median),
        new("check", "p99.9 to the empty endpoint's, one hot tenant", 2.0, IsLeast: false,
            find => find("hot", "limiter")?.P999 / find("hot", "empty")?.P999),
        new("check", "CPU a request with SQLite to without, 10,000 tenants", 1.1, IsLeast: false,
            find => find("zipf", "limiter-memory")?.CpuRatio?.Median),
        Throughput("proxy", "yarp", 0.92, "YARP alone"),
        Throughput("proxy", "yarp-framework", 1.0, "YARP with ASP.NET Core's middleware"),
        Throughput("proxy", "nginx", 0.5, "nginx with limit_req"),
    ];

    /// <summary>Empty when nothing that has a target was measured.</summary>
    public static string Table(Results results, string family)
    {
        Summary? Find(string workload, string contender) => Workload.All
            .Where(known => known.Family == family && known.Name == workload)
            .SelectMany(known => Summary.Of(results, known)).FirstOrDefault(row => row.Contender == contender);
        var text = new StringBuilder();
        foreach (var target in s_all.Where(target => target.Family == family))
        {
            if (target.Measure(Find) is not { } value) continue;
            var isMet = target.IsLeast ? value >= target.Bound : value <= target.Bound;
            text.AppendLine(
                CultureInfo.InvariantCulture,
                $"| {target.Says} | {(target.IsLeast ? "≥" : "≤")} {target.Bound:F2} | {value:F2} | {(isMet ? "yes" : "**no**")} |");
        }
        return text.Length == 0 ? "" : $"| target | bound | measured | met |\n|---|---:|---:|---|\n{text}\n";
    }

    private static Target Throughput(string family, string contender, double least, string title) => new(
        family, $"requests/s to those of {title}, one hot tenant", least, IsLeast: true,
        find => find("hot", contender)?.Throughput?.Median);
}
