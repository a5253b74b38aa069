using Limiter.Domain.Buckets;

namespace Limiter.Engine.Leases;

/// <summary>How an edge leases.</summary>
public sealed record LeaseOptions
{
    /// <summary>
    /// Longest lifetime of a lease in milliseconds, 0 to 30,000; default 10,000. 0: every check asks its bucket.
    /// </summary>
    public long LifetimeMs
    {
        get;
        init => field = value is >= 0 and <= Lease.LifetimeMsMax
            ? value
            : throw new ArgumentOutOfRangeException(nameof(LifetimeMs), value, "A lease lives 0 to 30,000 ms.");
    } = 10_000;

    /// <summary>How long a check waits for its bucket before the policy decides; default 500 ms.</summary>
    public TimeSpan WaitLimit { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>
    /// While an outage is known, how often one check is let through to see whether it is over; default 1 s.
    /// </summary>
    public TimeSpan ProbeInterval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// How far this process's clocks may run off the bucket's, in millionths; default 0, right when both read the same
    /// machine's clocks.
    /// </summary>
    public long DriftPpm { get; init; }
}
