using System.Diagnostics.Metrics;
using Limiter.Engine.Alerts;
using Limiter.Engine.Checks;
using Limiter.Engine.Usage;

namespace Limiter.Engine.Metrics;

/// <summary>
/// What can be measured of one edge. Checks only count, in memory of their own; the instruments look there when
/// somebody asks. No label is a tenant's, a key's or an address's.
/// </summary>
public sealed class LimiterMeter : IDisposable
{
    /// <summary>The meter's name, by which exporters find it.</summary>
    public const string Name = "Limiter";

    // From what an embedded store takes to what a durable entity is waited for, in seconds.
    private static readonly InstrumentAdvice<double> Latencies = new()
    {
        HistogramBucketBoundaries =
            [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5],
    };

    private static readonly string[] Outcomes = ["allowed", "denied", "refused"];
    private static readonly string[] Modes = ["exact", "leased", "degraded"];

    private readonly Checker _checker;

    /// <param name="checker">What decides.</param>
    /// <param name="usage">What counts its usage.</param>
    /// <param name="alerts">What counts its alerts; null for none.</param>
    public LimiterMeter(Checker checker, UsageTally usage, AlertCounts? alerts = null)
    {
        _checker = checker;
        Meter = new Meter(Name);
        AddDecisions();
        AddUsage(usage);
        if (alerts is not null) AddAlerts(alerts);
        Meter.CreateObservableGauge("limiter.buckets", () => checker.BucketsInUse, null,
            "Buckets that this edge keeps in memory.");
        Meter.CreateObservableGauge("limiter.tokens.held", () => checker.TokensHeld, null,
            "Tokens of leases that are held and not spent, summed over limits with a number; from a sample when many"
            + " buckets are in use.");
        Meter.CreateObservableGauge("limiter.corrections.waiting", () => checker.Waiting, null,
            "Reservations that are held, and corrections of costs that wait to be made.");
        Meter.CreateObservableGauge("limiter.policy.generation", () => checker.Policy.Generation, null,
            "Generation of the policy in force.");
        AddStores();
    }

    public Meter Meter { get; }

    /// <summary>Nothing is measured any more.</summary>
    public void Dispose()
    {
        (_checker.Timings.Reserves, _checker.Timings.Reads) = (null, null);
        Meter.Dispose();
    }

    private void AddDecisions()
    {
        Meter.CreateObservableCounter("limiter.decisions", () => _checker.Counts.Series.Select(Measured), null,
            "Checks decided, by plan, endpoint group, outcome and mode; beyond 100 combinations plan and group are"
            + " 'other'.");
        Meter.CreateObservableCounter("limiter.shadowed",
            () => _checker.Counts.Shadowed.ByLimit.Select(one => new Measurement<long>(
                one.Count, new KeyValuePair<string, object?>("limit", one.Limit))),
            null,
            "Checks that passed and that a shadow limit would have denied, by limit; beyond 20 names the limit is"
            + " 'other'.");
    }

    private void AddUsage(UsageTally usage)
    {
        Meter.CreateObservableGauge("limiter.usage.waiting", () => usage.RowsWaiting, null,
            "Rows of counted usage that wait to be saved.");
        Meter.CreateObservableCounter("limiter.usage.uncounted", () => usage.Uncounted, null,
            "Checks whose usage was not counted, for too many tenants at once.");
    }

    private void AddAlerts(AlertCounts alerts) => Meter.CreateObservableCounter(
        "limiter.alerts",
        () => new Measurement<long>[]
        {
            Counted(alerts.Raised, "raised"), Counted(alerts.Delivered, "delivered"), Counted(alerts.Failed, "failed"),
            Counted(alerts.Dead, "dead"), Counted(alerts.Dropped, "dropped"),
        },
        null,
        "Alerts added to the outbox, attempts that delivered or failed, alerts given up, and crossings not told for"
        + " too many at once.");

    private static Measurement<long> Counted(long count, string what) =>
        new(count, new KeyValuePair<string, object?>("what", what));

    private void AddStores()
    {
        Meter.CreateObservableCounter("limiter.degraded.duration", Outages, "s",
            "Seconds for which a store was known to be out of reach.");
        _checker.Timings.Reserves = Meter.CreateHistogram(
            "limiter.reserve.duration", "s", "Time of a request to a bucket.", null, Latencies);
        _checker.Timings.Reads = Meter.CreateHistogram(
            "limiter.directory.read.duration", "s", "Time of a read of the directory for a check.", null, Latencies);
    }

    private IEnumerable<Measurement<double>> Outages() =>
    [
        new(_checker.BucketsAway.TotalSeconds, new KeyValuePair<string, object?>("store", "buckets")),
        new(_checker.DirectoryAway.TotalSeconds, new KeyValuePair<string, object?>("store", "directory")),
    ];

    private static Measurement<long> Measured(DecisionSeries series) => new(
        series.Count.Value,
        new KeyValuePair<string, object?>("plan", series.Plan),
        new KeyValuePair<string, object?>("group", series.Group),
        new KeyValuePair<string, object?>("outcome", Outcomes[(int)series.Outcome]),
        new KeyValuePair<string, object?>("mode", Modes[(int)series.Mode]));
}
