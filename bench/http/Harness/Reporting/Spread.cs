using System.Globalization;

namespace Harness.Reporting;

/// <summary>Several measurements of one thing.</summary>
internal readonly record struct Spread(double Least, double Median, double Most)
{
    public static Spread Of(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        // Of an even number, the mean of the two in the middle.
        var median = (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
        return new Spread(sorted[0], median, sorted[^1]);
    }

    public string Ratio() => string.Create(
        CultureInfo.InvariantCulture, $"**{Median:F2}** ({Least:F2} to {Most:F2})");
}
