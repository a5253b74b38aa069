namespace Limiter.Http.Metrics;

/// <summary>Who may read the metrics, and where they are sent.</summary>
public sealed record MetricsOptions
{
    /// <summary>Whether <c>GET /metrics</c> asks for no key.</summary>
    public bool Open { get; init; }

    /// <summary>An OTLP collector's address, to which they are sent over HTTP each minute; null: to none.</summary>
    public Uri? Otlp { get; init; }
}
