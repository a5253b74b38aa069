using System.Diagnostics.Metrics;
using System.Text;

namespace Limiter.Http.Metrics;

/// <summary>
/// One meter's instruments in Prometheus' text format, version 0.0.4: what a scrape reads. Thread-safe.
/// </summary>
internal sealed class PrometheusExporter : IDisposable
{
    public const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    private readonly MeterListener _listener = new();
    private readonly SortedDictionary<string, MetricFamily> _families = new(StringComparer.Ordinal);
    private readonly Lock _collecting = new();

    public PrometheusExporter(Meter meter)
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter == meter) listener.EnableMeasurementEvents(instrument, FamilyOf(instrument));
        };
        _listener.SetMeasurementEventCallback<int>(static (_, value, labels, family) => Take(family, value, labels));
        _listener.SetMeasurementEventCallback<long>(static (_, value, labels, family) => Take(family, value, labels));
        _listener.SetMeasurementEventCallback<double>(static (_, value, labels, family) => Take(family, value, labels));
        _listener.Start();
    }

    /// <summary>Asks every instrument, and tells what it said.</summary>
    public ReadOnlyMemory<byte> Collect()
    {
        lock (_collecting)
        {
            foreach (var family in _families.Values) family.Begin();
            _listener.RecordObservableInstruments();
            var text = new StringBuilder();
            foreach (var family in _families.Values) family.WriteTo(text);
            return Encoding.UTF8.GetBytes(text.ToString());
        }
    }

    public void Dispose() => _listener.Dispose();

    private static void Take(object? family, double value, ReadOnlySpan<KeyValuePair<string, object?>> labels) =>
        ((MetricFamily)family!).Take(value, labels);

    private MetricFamily FamilyOf(Instrument instrument)
    {
        MetricFamily family = instrument is Histogram<double> histogram
            ? new HistogramFamily(histogram)
            : new SampledFamily(instrument);
        lock (_collecting) return _families[family.Name] = family;
    }
}
