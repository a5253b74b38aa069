using System.Globalization;
using System.Text;

namespace Limiter.Bench.Growth;

/// <summary>A curve as a table, as CSV and as a picture.</summary>
internal static class CurveText
{
    private const int Width = 520;
    private const int Height = 230;
    private const int Left = 60;
    private const int Right = 20;
    private const int Top = 34;
    private const int Bottom = 40;

    public static string Table(Curve curve)
    {
        var text = new StringBuilder();
        text.AppendLine(CultureInfo.InvariantCulture, $"| {curve.Of} | {string.Join(" | ", curve.Columns)} |");
        text.AppendLine(CultureInfo.InvariantCulture, $"|---:{string.Concat(curve.Columns.Select(_ => "|---:"))}|");
        foreach (var point in curve.Points)
            text.AppendLine(
                CultureInfo.InvariantCulture, $"| {point.Size:N0} | {string.Join(" | ", point.Values.Select(Number))} |");
        return text.ToString();
    }

    public static string Csv(Curve curve)
    {
        var text = new StringBuilder();
        text.AppendLine(string.Join(',', curve.Columns.Prepend(curve.Of).Select(name => $"\"{name}\"")));
        foreach (var point in curve.Points)
            text.AppendLine(
                CultureInfo.InvariantCulture,
                $"{point.Size},{string.Join(',', point.Values.Select(value => value.ToString("F3", CultureInfo.InvariantCulture)))}");
        return text.ToString();
    }

    /// <summary>The first column over the sizes, which are on a logarithmic axis; the value's axis begins at zero.</summary>
    public static string Svg(Curve curve)
    {
        var most = curve.Points.Max(point => point.Values[0]) * 1.15;
        var last = Math.Log10(curve.Points[^1].Size);
        double X(CurvePoint point) => Left + ((Width - Left - Right) * (last == 0 ? 0 : Math.Log10(point.Size) / last));
        double Y(double value) => Height - Bottom - ((Height - Top - Bottom) * value / most);
        var text = new StringBuilder();
        void Add(FormattableString line) => text.AppendLine(line.ToString(CultureInfo.InvariantCulture));
        Add($"""<svg xmlns="http://www.w3.org/2000/svg" width="{Width}" height="{Height}" viewBox="0 0 {Width} {Height}" font-family="system-ui, sans-serif" font-size="11" fill="#1f2328">""");
        Add($"""<rect width="100%" height="100%" fill="#ffffff"/>""");
        Add($"""<text x="10" y="20" font-size="13">{curve.Columns[0]}, by {curve.Of}</text>""");
        Add($"""<path d="M{Left} {Top}V{Height - Bottom}H{Width - Right}" fill="none" stroke="#9aa4af"/>""");
        Add($"""<text x="{Left - 6}" y="{Height - Bottom + 4}" text-anchor="end">0</text>""");
        var points = string.Join(' ', curve.Points.Select(point => string.Create(
            CultureInfo.InvariantCulture, $"{X(point):F1},{Y(point.Values[0]):F1}")));
        Add($"""<polyline points="{points}" fill="none" stroke="#0969da" stroke-width="2"/>""");
        foreach (var point in curve.Points)
        {
            Add($"""<circle cx="{X(point):F1}" cy="{Y(point.Values[0]):F1}" r="3" fill="#0969da"/>""");
            Add($"""<text x="{X(point):F1}" y="{Y(point.Values[0]) - 8:F1}" text-anchor="middle">{Number(point.Values[0])}</text>""");
            Add($"""<text x="{X(point):F1}" y="{Height - Bottom + 16}" text-anchor="middle">{point.Size:N0}</text>""");
        }
        Add($"""<text x="{(Width + Left) / 2}" y="{Height - 6}" text-anchor="middle">{curve.Of}</text>""");
        text.AppendLine("</svg>");
        return text.ToString();
    }

    private static string Number(double value) => value.ToString(
        value >= 100 ? "N0" : value >= 10 ? "F1" : "F2", CultureInfo.InvariantCulture);
}
