using Limiter.Domain;
using Limiter.Domain.Decisions;
using Limiter.Domain.Policies;

namespace Limiter.Http.Tests.Contract;

/// <summary>Decisions as the engine makes them, at 2026-01-01T00:00:10.5Z.</summary>
internal static class Decisions
{
    public static readonly Instant Now = Instant.From(new DateTimeOffset(2026, 1, 1, 0, 0, 10, 500, TimeSpan.Zero));

    public static Decision Allowed(
        Policy policy, params (string Limit, long Number, long Remaining, long ResetMs)[] limits)
    {
        var decision = Of(policy, Outcome.Allowed);
        foreach (var (name, number, remaining, reset) in limits)
            decision.Add(new LimitStatus(policy.FindLimit(name)!, number, remaining, Now + reset, false));
        return decision;
    }

    public static Decision Denied(
        Policy policy, long retryMs,
        params (string Limit, long Number, long Remaining, long ResetMs, bool Violated)[] limits)
    {
        var decision = Of(policy, Outcome.Denied);
        decision.RetryAt = Now + retryMs;
        foreach (var (name, number, remaining, reset, violated) in limits)
            decision.Add(new LimitStatus(policy.FindLimit(name)!, number, remaining, Now + reset, violated));
        return decision;
    }

    private static Decision Of(Policy policy, Outcome outcome)
    {
        var decision = new Decision();
        decision.Clear();
        decision.Policy = policy;
        decision.Outcome = outcome;
        decision.Plan = policy.Plans[0];
        decision.Rule = policy.Endpoints.Otherwise;
        decision.Cost = 1;
        decision.At = Now;
        return decision;
    }
}
