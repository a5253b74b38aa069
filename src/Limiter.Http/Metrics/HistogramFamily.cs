using System.Diagnostics.Metrics;
using System.Text;

namespace Limiter.Http.Metrics;

/// <summary>A histogram without labels, counted here as it is recorded.</summary>
internal sealed class HistogramFamily : MetricFamily
{
    private readonly Lock _gate = new();
    private readonly double[] _bounds;
    private readonly long[] _counts;
    private double _sum;

    public HistogramFamily(Histogram<double> instrument) : base(instrument, "histogram", "")
    {
        _bounds = [.. instrument.Advice?.HistogramBucketBoundaries ?? []];
        _counts = new long[_bounds.Length + 1];
    }

    /// <summary>It counts from its beginning on.</summary>
    public override void Begin()
    {
    }

    public override void Take(double value, ReadOnlySpan<KeyValuePair<string, object?>> labels)
    {
        // A bound belongs to the bucket below it, as Prometheus has it.
        var at = Array.BinarySearch(_bounds, value);
        lock (_gate)
        {
            _counts[at < 0 ? ~at : at]++;
            _sum += value;
        }
    }

    protected override void WriteSamples(StringBuilder text)
    {
        lock (_gate)
        {
            var below = 0L;
            for (var i = 0; i < _counts.Length; i++)
            {
                below += _counts[i];
                text.Append(Name).Append("_bucket{le=\"").Append(i < _bounds.Length ? Text(_bounds[i]) : "+Inf")
                    .Append("\"} ").Append(below).Append('\n');
            }
            text.Append(Name).Append("_sum ").Append(Text(_sum)).Append('\n');
            text.Append(Name).Append("_count ").Append(below).Append('\n');
        }
    }
}
