using System.Globalization;
using System.Text;
using Harness.Loading;

namespace Harness.Reporting;

/// <summary>Results as Markdown.</summary>
internal static class Tables
{
    public static string Of(Results results, string family)
    {
        var text = new StringBuilder();
        text.AppendLine(About(results.Conditions)).AppendLine();
        text.Append(Targets.Table(results, family));
        foreach (var workload in Workload.All.Where(workload => workload.Family == family))
        {
            var rows = Summary.Of(results, workload).ToArray();
            if (rows.Length == 0) continue;
            text.AppendLine(CultureInfo.InvariantCulture, $"**{workload.Title}**").AppendLine();
            text.AppendLine(
                "| contender | requests/s | p50 | p99 | p99.9 ms | CPU µs/request | MiB | cores busy | Limiter's requests/s "
                + "to its | Limiter's CPU to its |");
            text.AppendLine("|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|");
            foreach (var row in rows) text.AppendLine(Line(row));
            text.AppendLine();
        }
        return text.ToString().TrimEnd() + "\n";
    }

    private static string About(Conditions conditions) => string.Create(
        CultureInfo.InvariantCulture,
        $"Measured {conditions.At} on {conditions.Cores} cores of {conditions.Processor}: {conditions.Rounds} rounds of "
        + $"{conditions.Seconds} s, medians, ratios of neighbouring rounds with least and most. Load average before the run: "
        + $"{conditions.LoadBefore:F1}{(conditions.LoadBefore > 1 ? " (**busy: not to be relied on**)" : "")}. {string.Join("; ", conditions.Versions)}.");

    private static string Line(Summary row) => string.Create(
        CultureInfo.InvariantCulture,
        $"| {row.Contender} | {row.RequestsPerSecond.Median:N0} | {row.P50 / 1000:F2} | {row.P99 / 1000:F2} "
        + $"| {row.P999 / 1000:F2} | {row.Cpu:F1} | {row.MebiBytes:F0} | {row.ServerBusy:P0}, {row.LoadCoreBusy:P0} "
        + $"| {row.Throughput?.Ratio() ?? "1"} | {row.CpuRatio?.Ratio() ?? "1"} |");
}
