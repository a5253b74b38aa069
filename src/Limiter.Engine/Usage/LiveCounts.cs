using Limiter.Domain;
using Limiter.Domain.Decisions;
using Limiter.Engine.Checks;

namespace Limiter.Engine.Usage;

/// <summary>What this process has decided since it began. To be asked again and again, for the difference.</summary>
/// <param name="checker">What decides.</param>
/// <param name="usage">What counts by tenant.</param>
/// <param name="clock">The time of decisions.</param>
public sealed class LiveCounts(Checker checker, UsageTally usage, TimeProvider clock)
{
    public LiveCount Now()
    {
        var (allowed, denied, refused, degraded) = (0L, 0L, 0L, 0L);
        foreach (var series in checker.Counts.Series)
        {
            var count = series.Count.Value;
            if (series.Mode == DecisionMode.Degraded) degraded += count;
            if (series.Outcome == Outcome.Allowed) allowed += count;
            else if (series.Outcome == Outcome.Denied) denied += count;
            else refused += count;
        }
        return new LiveCount(
            Instant.From(clock.GetUtcNow()), allowed, denied, refused, degraded,
            checker.AreBucketsAway, usage.Tenants, checker.Policy.Generation);
    }
}

/// <summary>What a process had decided at a time.</summary>
/// <param name="At">The time.</param>
/// <param name="Allowed">Checks that passed since the process began.</param>
/// <param name="Denied">Checks that pass later.</param>
/// <param name="Refused">Checks that do not pass as they stand.</param>
/// <param name="Degraded">Those of all of them that were decided while the buckets were out of reach.</param>
/// <param name="IsDegraded">Whether they are out of reach now.</param>
/// <param name="Active">Tenants that are being counted.</param>
/// <param name="Generation">Of the policy in force.</param>
public readonly record struct LiveCount(
    Instant At, long Allowed, long Denied, long Refused, long Degraded, bool IsDegraded, int Active, long Generation);
