using Limiter.Domain;
using Limiter.Domain.Decisions;
using Limiter.Domain.Policies;
using Limiter.Engine.Leases;

namespace Limiter.Engine.Checks;

/// <summary>The policy's choice for a request whose bucket cannot be reached.</summary>
internal static class Degraded
{
    public static void Decide(Touch[] touched, Decision decision, Edge edge)
    {
        var policy = decision.Policy!;
        var now = edge.Now();
        if (policy.WhenUnreachable == WhenUnreachable.Closed)
        {
            Close(decision, edge);
            return;
        }
        decision.ClearLimits();
        decision.Outcome = Outcome.Allowed;
        decision.Refusal = Refusal.None;
        decision.RetryAt = Instant.Never;
        decision.At = now.Wall;
        decision.SpentAt = now.Wall;
        decision.Mode = DecisionMode.Degraded;
        foreach (var touch in touched)
        {
            if (policy.WhenUnreachable == WhenUnreachable.Open)
            {
                touch.Holder.Owe(touch.Demand, now);
                touch.Holder.Tell(touch.Demand, decision, now);
            }
            else
            {
                touch.Holder.DecideLocally(touch.Demand, policy.LocalSharePercent, decision, now);
            }
        }
        // A share that can never hold the cost says nothing of the limit itself.
        if (decision.Outcome == Outcome.Denied && decision.RetryAt == Instant.Never) Close(decision, edge);
        if (decision.Outcome != Outcome.Allowed || policy.WhenUnreachable == WhenUnreachable.Open) return;
        foreach (var touch in touched) touch.Holder.Owe(touch.Demand, now);
    }

    /// <summary>Refused, with the time of the next try to reach the store.</summary>
    public static void Close(Decision decision, Edge edge)
    {
        var now = edge.Now();
        decision.Outcome = Outcome.Refused;
        decision.Refusal = Refusal.Unreachable;
        decision.Mode = DecisionMode.Degraded;
        decision.At = now.Wall;
        decision.RetryAt = now.Wall + (long)edge.Options.ProbeInterval.TotalMilliseconds;
    }
}
