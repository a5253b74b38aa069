using System.Globalization;
using System.Text;
using Harness.Loading;

namespace Harness.Reporting;

/// <summary>Requests a second of each contender under each workload as bars, with the least and the most round.</summary>
internal static class Plot
{
    private const int Width = 860;
    private const int Left = 130;
    private const int Right = 90;
    private const int BarHeight = 15;
    private const int Gap = 34;

    public static string Of(Results results, string family)
    {
        var groups = Workload.All.Where(workload => workload.Family == family)
            .Select(workload => (workload.Title, Rows: Summary.Of(results, workload).ToArray()))
            .Where(group => group.Rows.Length > 0).ToArray();
        var most = groups.SelectMany(group => group.Rows).Max(row => row.RequestsPerSecond.Most);
        var height = 40 + groups.Sum(group => Gap + (group.Rows.Length * (BarHeight + 3)));
        var text = new StringBuilder();
        text.AppendLine(CultureInfo.InvariantCulture,
            $"""<svg xmlns="http://www.w3.org/2000/svg" width="{Width}" height="{height}" viewBox="0 0 {Width} {height}" font-family="system-ui, sans-serif" font-size="12">""");
        text.AppendLine("""<rect width="100%" height="100%" fill="#ffffff"/>""");
        text.AppendLine(CultureInfo.InvariantCulture,
            $"""<text x="10" y="22" font-size="15" fill="#1f2328">{family}: requests a second on one core</text>""");
        var y = 40;
        foreach (var (title, rows) in groups)
        {
            y += Gap - 14;
            text.AppendLine(CultureInfo.InvariantCulture,
                $"""<text x="10" y="{y}" font-weight="600" fill="#1f2328">{title}</text>""");
            y += 8;
            foreach (var row in rows) y = Bar(text, row, most, y);
            y += 6;
        }
        text.AppendLine("</svg>");
        return text.ToString();
    }

    private static int Bar(StringBuilder text, Summary row, double most, int y)
    {
        double At(double value) => Left + ((Width - Left - Right) * value / most);
        var (colour, middle) = (row.Contender == "limiter" ? "#0969da" : "#9aa4af", y + (BarHeight / 2));
        var spread = row.RequestsPerSecond;
        text.AppendLine(CultureInfo.InvariantCulture,
            $"""<text x="{Left - 6}" y="{y + 12}" text-anchor="end" fill="#1f2328">{row.Contender}</text>""");
        text.AppendLine(CultureInfo.InvariantCulture,
            $"""<rect x="{Left}" y="{y}" width="{At(spread.Median) - Left:F1}" height="{BarHeight}" fill="{colour}"/>""");
        text.AppendLine(CultureInfo.InvariantCulture,
            $"""<path d="M{At(spread.Least):F1} {middle}H{At(spread.Most):F1}" stroke="#1f2328" stroke-width="2"/>""");
        text.AppendLine(CultureInfo.InvariantCulture,
            $"""<text x="{At(spread.Most) + 6:F1}" y="{y + 12}" fill="#1f2328">{spread.Median:N0}</text>""");
        return y + BarHeight + 3;
    }
}
