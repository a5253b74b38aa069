using System.Diagnostics.Metrics;
using System.Text;

namespace Limiter.Http.Metrics;

/// <summary>A counter or gauge, which says where it stands when it is asked.</summary>
internal sealed class SampledFamily(Instrument instrument)
    : MetricFamily(instrument, IsCounter(instrument) ? "counter" : "gauge", IsCounter(instrument) ? "_total" : "")
{
    /// <summary>Most samples of one collection; further ones are left out.</summary>
    private const int SamplesMax = 1_000;

    private readonly List<string> _samples = [];

    public override void Begin() => _samples.Clear();

    public override void Take(double value, ReadOnlySpan<KeyValuePair<string, object?>> labels)
    {
        if (_samples.Count >= SamplesMax) return;
        var sample = new StringBuilder(Name);
        for (var i = 0; i < labels.Length; i++)
        {
            sample.Append(i == 0 ? '{' : ',').Append(labels[i].Key).Append("=\"");
            Escape(labels[i].Value?.ToString() ?? "", sample);
            sample.Append('"');
        }
        if (labels.Length > 0) sample.Append('}');
        _samples.Add(sample.Append(' ').Append(Text(value)).ToString());
    }

    protected override void WriteSamples(StringBuilder text)
    {
        _samples.Sort(StringComparer.Ordinal);
        foreach (var sample in _samples) text.Append(sample).Append('\n');
    }

    private static bool IsCounter(Instrument instrument) =>
        instrument is ObservableCounter<long> or ObservableCounter<double>;

    // What a label's value may not hold as it is.
    private static void Escape(string value, StringBuilder text)
    {
        foreach (var c in value)
        {
            if (c is '\\' or '"') text.Append('\\').Append(c);
            else if (c == '\n') text.Append("\\n");
            else text.Append(c);
        }
    }
}
