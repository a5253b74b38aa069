using Limiter.Domain.Decisions;
using Limiter.Domain.Escrow;
using Limiter.Domain.Policies;
using Limiter.Engine.Alerts;
using Limiter.Engine.Callers;
using Limiter.Engine.Checks;
using Limiter.Engine.InMemory;
using Limiter.Engine.Leases;
using Limiter.Engine.Usage;

namespace Limiter.Bench;

/// <summary>Edges for measurements, over buckets in memory.</summary>
internal static class BenchEdge
{
    public static TimeProvider Clock => TimeProvider.System;

    /// <summary>An edge that knows every tenant.</summary>
    public static Checker Over(Policy policy, bool counts = false, AlertWatch? alerts = null) => new(
        new PolicyInForce(policy, 1), new EdgeId(1), new EndlessIdentities(), new InMemoryBuckets(Clock, 2_000_000), Clock,
        new LeaseOptions { LifetimeMs = 30_000 },
        usage: counts ? new UsageTally(new EdgeId(1), new InMemoryUsage(Clock), Clock) : null, alerts: alerts);

    public static Outcome Decide(this Checker checker, in Check check, Decision decision)
    {
        var pending = checker.CheckAsync(check, decision, default);
        if (!pending.IsCompletedSuccessfully) pending.AsTask().Wait();
        return decision.Outcome;
    }
}
