using Limiter.Domain.Escrow;
using Limiter.Engine.Metrics;
using Limiter.Engine.Ports;

namespace Limiter.Engine.Leases;

/// <summary>What all lease holders of one process share: who it is, its clocks, its way to the buckets.</summary>
internal sealed class Edge
{
    private long _number;

    public Edge(EdgeId id, IBuckets buckets, TimeProvider clock, TimeProvider waitClock, LeaseOptions options)
    {
        Id = id;
        Buckets = buckets;
        Clock = clock;
        WaitClock = waitClock;
        Options = options;
        TicksPerMillisecond = Math.Max(1, clock.TimestampFrequency / 1000);
        Outage = new Outage(waitClock, options.ProbeInterval);
    }

    public EdgeId Id { get; }

    public IBuckets Buckets { get; }

    /// <summary>The time of decisions; may be a manual clock.</summary>
    public TimeProvider Clock { get; }

    /// <summary>The time of waiting for a store; goes on while a manual clock stands.</summary>
    public TimeProvider WaitClock { get; }

    public LeaseOptions Options { get; }

    public long TicksPerMillisecond { get; }

    public Outage Outage { get; }

    public StoreTimings Timings { get; } = new();

    public Handoff Handoff { get; set; } = Handoff.ToPool;

    /// <summary>Told of a failed request to a bucket; never null.</summary>
    public Action<Exception> OnFailure { get; set; } = static _ => { };

    /// <summary>Told when a bucket knows newer terms than this edge; never null.</summary>
    public Action<Domain.Buckets.BucketId> OnOutdated { get; set; } = static _ => { };

    /// <summary>
    /// Rises over all buckets, so a holder that was dropped and made again goes on above its old numbers.
    /// </summary>
    public long NextNumber() => Interlocked.Increment(ref _number);

    /// <summary>The number of the last request to any bucket; 0 for none.</summary>
    public long LastNumber => Interlocked.Read(ref _number);

    public EdgeTime Now() => EdgeTime.Read(Clock);

    /// <summary>Milliseconds since an earlier reading; drift counts as elapsed.</summary>
    public long Elapsed(in EdgeTime now, in EdgeTime since)
    {
        var elapsed = now.MillisecondsSince(since, TicksPerMillisecond);
        return Options.DriftPpm == 0 ? elapsed : elapsed + Domain.Ceiling.Divide(elapsed * Options.DriftPpm, 1_000_000);
    }
}
