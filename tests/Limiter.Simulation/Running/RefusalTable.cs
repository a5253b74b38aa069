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
            Worse(row.Worst, result));
    }

    public RefusalCount Of(string scenario) => _rows[scenario].Count;

    private static (double Share, ulong Seed) Worse((double Share, ulong Seed) worst, WorldResult result)
    {
        var share = result.Verdict.Refusals.EarlyShare;
        return share > worst.Share ? (share, result.Seed) : worst;
    }

    public override string ToString()
    {
        var text = new StringBuilder();
        text.AppendLine(
            "| scenario | worlds | checks | admissible tokens | early | worst world (seed) | for charges | by a share "
            + "| stranded | never made up |");
        text.AppendLine("|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|");
        foreach (var (name, row) in _rows)
            text.AppendLine(
                CultureInfo.InvariantCulture,
                $"| {name} | {row.Worlds} | {row.Checks} | {row.Count.AdmissibleTokens} | {row.Count.EarlyShare:P2} "
                + $"| {row.Worst.Share:P2} ({row.Worst.Seed}) | {row.Count.ShareOf(row.Count.ChargeTokens):P2} "
                + $"| {row.Count.ShareOf(row.Count.ShareTokens):P2} | {row.Count.StrandedShare:P2} "
                + $"| {row.Count.LostShare:P2} |");
        return text.ToString();
    }

    private readonly record struct Row(int Worlds, long Checks, RefusalCount Count, (double Share, ulong Seed) Worst);
}
