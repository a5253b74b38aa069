using System.Diagnostics.Metrics;

namespace Limiter.Engine.Metrics;

/// <summary>Where the times of requests to the stores go; nowhere until somebody measures.</summary>
internal sealed class StoreTimings
{
    /// <summary>Seconds of a reserve, failed ones included.</summary>
    public Histogram<double>? Reserves { get; set; }

    /// <summary>Seconds of a read of the directory for a check, failed ones included.</summary>
    public Histogram<double>? Reads { get; set; }
}
