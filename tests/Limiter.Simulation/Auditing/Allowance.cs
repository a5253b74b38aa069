using Limiter.Domain;

namespace Limiter.Simulation.Auditing;

/// <summary>
/// What the promise leaves open: how long an old number may still be used, and how far clocks differ.
/// </summary>
/// <param name="LeaseLifetimeMs">Longest lifetime of a lease in this world, in milliseconds.</param>
/// <param name="KnownWithinMs">
/// Time from a change of numbers until every bucket in use must have heard of it, in milliseconds.
/// </param>
/// <param name="ClockErrorMs">
/// How far a bucket's time may be from the true time, in milliseconds: numbers change in true time, admissions are
/// dated in the bucket's.
/// </param>
/// <param name="IdealCountsSlots">
/// Whether the ideal limiter's sliding window counts by slots as well, so that what the slots cost is no early refusal.
/// </param>
/// <param name="ToldWithinMs">
/// How long after a request was decided its answer may come: the ideal limiter takes requests in the order of their
/// decisions.
/// </param>
public sealed record Allowance(
    long LeaseLifetimeMs = 30_000, long KnownWithinMs = 0, long ClockErrorMs = 0, bool IdealCountsSlots = true,
    long ToldWithinMs = 0)
{
    /// <summary>How far two clocks of hosts may be apart that run one bucket in turn, in milliseconds.</summary>
    public long DisagreementMs => 2 * ClockErrorMs;

    /// <summary>
    /// How long after a charge a lease may still be spent that was granted before it, in milliseconds.
    /// </summary>
    public long ChargeBindsAfterMs => LeaseLifetimeMs + DisagreementMs;

    /// <summary>From when on a number counts for an admission at a time.</summary>
    public Instant Since(Instant at) => at + -(LeaseLifetimeMs + KnownWithinMs + ClockErrorMs);

    /// <summary>Until when a change counts for an admission at a time.</summary>
    public Instant Until(Instant at) => at + ClockErrorMs;
}
