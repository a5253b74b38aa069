using System.Globalization;
using System.Text;
using Limiter.Simulation.Auditing;

namespace Limiter.Simulation.Running;

/// <summary>Early refusals by scenario: what an ideal central limiter would have admitted.</summary>
internal sealed class RefusalTable
{
    private readonly SortedDictionary<string, Row> _rows = new(StringComparer.Ordinal);

    /// <summary>Checks of all worlds.</summary>
    public long Checks { get; private set; }

    public void Add(WorldResult result)
    {
        Checks += result.Checks;
        _rows.TryGetValue(result.Scenario, out var row);
        _rows[result.Scenario] = new Row(
            row.Worlds + 1, row.Checks + result.Checks, row.Count + result.Verdict.Refusals,
            Math.Max(row.Worst, result.Verdict.Refusals.EarlyShare));
    }

    public RefusalCount Of(string scenario) => _rows[scenario].Count;

    public override string ToString()
    {
        var text = new StringBuilder();
        text.AppendLine(
            "| scenario | worlds | checks | denied | early | of the admissible load | worst world | never made up |");
        text.AppendLine("|---|---:|---:|---:|---:|---:|---:|---:|");
        foreach (var (name, row) in _rows)
            text.AppendLine(
                CultureInfo.InvariantCulture,
                $"| {name} | {row.Worlds} | {row.Checks} | {row.Count.Refused} | {row.Count.Early} | "
                + $"{row.Count.EarlyShare:P2} | {row.Worst:P2} | {row.Count.LostShare:P2} |");
        return text.ToString();
    }

    private readonly record struct Row(int Worlds, long Checks, RefusalCount Count, double Worst);
}
