namespace Limiter.Bench.Growth;

/// <summary>How something grows: a value at each of several sizes.</summary>
/// <param name="Name">As one asks for it.</param>
/// <param name="Of">What the sizes count.</param>
/// <param name="Columns">What is measured at each; the first is what the plot shows.</param>
/// <param name="Points">By size, ascending.</param>
internal sealed record Curve(string Name, string Of, IReadOnlyList<string> Columns, IReadOnlyList<CurvePoint> Points);

/// <param name="Size">How many.</param>
/// <param name="Values">By the curve's columns.</param>
internal sealed record CurvePoint(int Size, IReadOnlyList<double> Values);
