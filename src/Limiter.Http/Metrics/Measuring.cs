using Limiter.Engine.Alerts;
using Limiter.Engine.Checks;
using Limiter.Engine.Metrics;
using Limiter.Engine.Usage;
using Limiter.Http.Surface;
using Microsoft.AspNetCore.Http;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;

namespace Limiter.Http.Metrics;

/// <summary>
/// An edge's metrics while it runs: read by <c>GET /metrics</c>, and sent to a collector if one is configured.
/// </summary>
public sealed class Measuring : IDisposable
{
    private const string MetricsPath = "v1/metrics";

    private readonly LimiterMeter _meter;
    private readonly PrometheusExporter _exporter;
    private readonly MeterProvider? _sending;

    /// <param name="checker">What decides.</param>
    /// <param name="usage">What counts its usage.</param>
    /// <param name="alerts">What counts its alerts.</param>
    /// <param name="options">Where the metrics go.</param>
    public Measuring(Checker checker, UsageTally usage, AlertCounts alerts, MetricsOptions options)
    {
        _meter = new LimiterMeter(checker, usage, alerts);
        _exporter = new PrometheusExporter(_meter.Meter);
        IsOpen = options.Open;
        if (options.Otlp is { } collector) _sending = SendTo(collector);
    }

    /// <summary>Whether <see cref="HandleAsync"/> answers anyone.</summary>
    public bool IsOpen { get; }

    /// <summary>What is measured now, as Prometheus reads it.</summary>
    public Task<IResult> HandleAsync(HttpRequest request, CancellationToken cancellation) =>
        Task.FromResult<IResult>(new PlainText(_exporter.Collect(), PrometheusExporter.ContentType));

    /// <summary>Sends what was measured since the last time, in bounded time.</summary>
    public void Dispose()
    {
        _sending?.Dispose();
        _exporter.Dispose();
        _meter.Dispose();
    }

    // Over HTTP, which passes every proxy. Headers, timeout and interval are the exporter's own variables
    // (OTEL_EXPORTER_OTLP_HEADERS, OTEL_METRIC_EXPORT_INTERVAL and so on).
    private static MeterProvider SendTo(Uri collector) => Sdk.CreateMeterProviderBuilder()
        .AddMeter(LimiterMeter.Name)
        .AddOtlpExporter(exporter =>
        {
            exporter.Protocol = OtlpExportProtocol.HttpProtobuf;
            exporter.Endpoint = new Uri(collector.AbsoluteUri.TrimEnd('/') + "/" + MetricsPath);
        })
        .Build();
}
