using System.Numerics;
using Limiter.Domain;
using Limiter.Domain.Decisions;
using Limiter.Domain.Policies;

namespace Limiter.Engine.Tests.Oracles;

/// <summary>
/// Decides for one caller by the plain algorithms, and compares: outcome, remaining, reset and retry-after of every
/// decision have to be the same, whatever leases do.
/// </summary>
internal sealed class PlainCaller
{
    private readonly Policy _policy;
    private readonly Dictionary<int, (PlainLimit Limit, long Number)> _limits = [];

    public PlainCaller(Policy policy, string plan, Instant start)
    {
        _policy = policy;
        for (var layout = 0; layout < policy.Layouts.Length; layout++)
        {
            var terms = TermsResolver.Resolve(policy, 1, layout, policy.FindPlan(plan)!, null);
            for (var position = 0; position < terms.Limits.Length; position++)
            {
                if (policy.Layouts[layout].Limits[position] is not { } limit) continue;
                var number = terms.Limits[position].Schedule.At(start);
                if (number != Schedule.Unlimited)
                    _limits.Add(limit.Index, (new PlainLimit(limit.Rule, number, start), number));
            }
        }
    }

    public int Allowed { get; private set; }

    public int Denied { get; private set; }

    /// <summary>Decides the request that was just decided, and compares.</summary>
    public void Judge(Decision decision, Instant now, string step)
    {
        var counting = Counting(decision.Rule!);
        var retryAt = now;
        foreach (var index in counting)
            retryAt = Instant.Max(retryAt, _limits[index].Limit.FreeAt(now, decision.Cost));
        var allowed = retryAt == now;
        if (allowed) Allowed++;
        else Denied++;
        decision.Outcome.ShouldBe(
            allowed ? Outcome.Allowed : retryAt == Instant.Never ? Outcome.Refused : Outcome.Denied, step);
        if (!allowed) decision.RetryAt.ShouldBe(retryAt, $"retry at, {step}");
        if (!allowed && retryAt != Instant.Never)
            decision.RetryAfterSeconds.ShouldBe(Ceiling.Divide(retryAt - now, 1000), $"retry after, {step}");
        foreach (var status in decision.Limits)
            if (!allowed)
                status.Violated.ShouldBe(
                    _limits[status.Limit.Index].Limit.Remaining(now) < decision.Cost, $"{status.Limit.Name}, {step}");
        if (allowed)
            foreach (var index in counting) _limits[index].Limit.Spend(now, decision.Cost);
        Compare(decision, counting, now, step);
    }

    /// <summary>Compares what a look told.</summary>
    public void Look(Decision decision, Instant now, string step)
    {
        decision.Outcome.ShouldBe(Outcome.Allowed, step);
        Compare(decision, Counting(decision.Rule!), now, step);
    }

    private void Compare(Decision decision, List<int> counting, Instant now, string step)
    {
        decision.At.ShouldBe(now, $"at, {step}");
        decision.Limits.ToArray().Select(status => status.Limit.Index).ShouldBe(counting, step);
        foreach (var status in decision.Limits)
        {
            var (limit, number) = _limits[status.Limit.Index];
            status.Number.ShouldBe(number, $"{status.Limit.Name}, {step}");
            status.Remaining.ShouldBe(limit.Remaining(now), $"{status.Limit.Name} remaining, {step}");
            status.ResetsAt.ShouldBe(limit.ResetsAt(now), $"{status.Limit.Name} resets, {step}");
        }
    }

    private List<int> Counting(EndpointRule rule)
    {
        var indices = new List<int>();
        foreach (var demand in rule.Demands)
            for (var mask = demand.Mask; mask != 0; mask &= mask - 1)
                if (_policy.Layouts[demand.Layout].Limits[BitOperations.TrailingZeroCount(mask)] is { } limit
                    && _limits.ContainsKey(limit.Index)) indices.Add(limit.Index);
        indices.Sort();
        return indices;
    }
}
