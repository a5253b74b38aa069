using System.Diagnostics.Metrics;
using System.Globalization;
using System.Text;

namespace Limiter.Http.Metrics;

/// <summary>One instrument as Prometheus names and reads it.</summary>
internal abstract class MetricFamily(Instrument instrument, string type, string suffix)
{
    /// <summary><c>limiter.reserve.duration</c> in seconds is <c>limiter_reserve_duration_seconds</c>.</summary>
    public string Name { get; } =
        instrument.Name.Replace('.', '_') + (instrument.Unit == "s" ? "_seconds" : "") + suffix;

    /// <summary>A collection begins.</summary>
    public abstract void Begin();

    public abstract void Take(double value, ReadOnlySpan<KeyValuePair<string, object?>> labels);

    public void WriteTo(StringBuilder text)
    {
        text.Append("# HELP ").Append(Name).Append(' ')
            .Append(instrument.Description?.Replace("\\", "\\\\", StringComparison.Ordinal)).Append('\n')
            .Append("# TYPE ").Append(Name).Append(' ').Append(type).Append('\n');
        WriteSamples(text);
    }

    protected abstract void WriteSamples(StringBuilder text);

    protected static string Text(double value) => value.ToString(CultureInfo.InvariantCulture);
}
