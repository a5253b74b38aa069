using Limiter.Domain;
using Limiter.Domain.Decisions;
using Limiter.Engine.Callers;
using Limiter.Engine.Checks;
using Limiter.Engine.Leases;
using Limiter.Engine.Ports;

namespace Limiter.Engine.Explaining;

/// <summary>Tells how a request would be decided, without consuming: every bucket is asked how it stands.</summary>
internal sealed class Explainer(Edge edge, Holders holders, CallerRegister callers)
{
    /// <inheritdoc cref="Checker.ExplainAsync"/>
    public async ValueTask<Explanation> ExplainAsync(
        Check check, Func<PolicyInForce> inForce, CancellationToken cancellation)
    {
        while (true)
            if (await TryExplainAsync(check, inForce(), cancellation).ConfigureAwait(false) is { } explanation)
                return explanation;
    }

    // Null: another policy came into force meanwhile.
    private async ValueTask<Explanation?> TryExplainAsync(
        Check check, PolicyInForce policy, CancellationToken cancellation)
    {
        var now = edge.Now();
        var decision = new Decision { Policy = policy.Policy, At = now.Wall, RetryAt = Instant.Never };
        if (!Placement.TryPlace(check, policy, decision, looks: false)) return Refused(decision);
        // Nobody's limits matter to it.
        if (decision.Rule!.IsExempt) return new Explanation(decision, [], decision.At);
        var (identity, refusal) = callers.TryFind(check, policy, now, out var known, out var why)
            ? (known, why)
            : await callers.FindAsync(check, policy, now, cancellation).ConfigureAwait(false);
        if (refusal == Refusal.Unreachable) throw CallerRegister.Unreached();
        if (refusal != Refusal.None) return Refused(decision, refusal);
        decision.Tenant = identity.Caller.Tenant;
        decision.Plan = identity.Caller.Plan;
        if (identity.Caller.SuspendedUntil > now.Wall)
        {
            decision.RetryAt = identity.Caller.SuspendedUntil;
            return Refused(decision, Refusal.Suspended);
        }
        if (check.Cost is { } cost && !policy.Policy.Cost.Contains(cost))
            return Refused(decision, Refusal.CostOutOfBounds);
        if (decision.Rule.RecordsMax is { } most && check.Records > most)
            return Refused(decision, Refusal.TooManyRecords);
        var touched = Find(identity, decision);
        if (!await TryLookAsync(touched, decision).ConfigureAwait(false)) return null;
        var passesAt = Explanations.IsLacking(decision)
            ? await TryAskAsync(touched).ConfigureAwait(false)
            : decision.At;
        if (passesAt is not { } time) return null;
        decision.Outcome = time <= decision.At ? Outcome.Allowed : Outcome.Denied;
        return new Explanation(decision, Explanations.Of(decision, identity), Instant.Max(time, decision.At));
    }

    private Touch[] Find(in Identity identity, Decision decision)
    {
        Touched touched = default;
        var count = Buckets.Find(holders, identity, decision.Rule!.Demands, decision.Cost, ref touched);
        return count > 0
            ? ((ReadOnlySpan<Touch>)touched)[..count].ToArray()
            : throw new BucketsUnavailableException("Too many buckets are in use.");
    }

    private async ValueTask<bool> TryLookAsync(Touch[] touched, Decision decision)
    {
        var at = decision.At;
        for (var i = 0; i < touched.Length; i++)
        {
            var outcome = await AskAsync(touched, i, cost: 0, decision, setAside: false).ConfigureAwait(false);
            if (outcome == WaitOutcome.Outdated) return false;
            // Buckets have clocks of their own.
            at = i == 0 ? decision.At : Instant.Max(at, decision.At);
        }
        decision.At = at;
        return true;
    }

    // Something lacks tokens, so the buckets say when they would have them; what one could give after all is held for
    // no longer than the others take to answer.
    private async ValueTask<Instant?> TryAskAsync(Touch[] touched)
    {
        var passesAt = Instant.MinValue;
        var held = new List<Touch>();
        try
        {
            for (var i = 0; i < touched.Length; i++)
            {
                var asked = new Decision();
                var outcome = await AskAsync(touched, i, touched[i].Demand.Cost, asked, setAside: true)
                    .ConfigureAwait(false);
                if (outcome == WaitOutcome.Outdated) return null;
                if (outcome == WaitOutcome.Granted) held.Add(touched[i]);
                else if (outcome == WaitOutcome.Denied) passesAt = Instant.Max(passesAt, asked.RetryAt);
            }
        }
        finally
        {
            foreach (var touch in held) touch.Holder.Release(touch.Demand);
        }
        return passesAt;
    }

    private async ValueTask<WaitOutcome> AskAsync(
        Touch[] touched, int place, long cost, Decision decision, bool setAside)
    {
        var outcome = WaitOutcome.Retired;
        while (outcome == WaitOutcome.Retired)
        {
            if (!Buckets.TryRenew(holders, touched)) throw new BucketsUnavailableException("Too many are in use.");
            outcome = await touched[place].Holder
                .WaitAsync(touched[place].Demand with { Cost = cost }, decision, setAside, edge.Now())
                .ConfigureAwait(false);
        }
        return outcome == WaitOutcome.Unreachable
            ? throw new BucketsUnavailableException("A bucket cannot be reached.")
            : outcome;
    }

    private static Explanation Refused(Decision decision, Refusal refusal = Refusal.None)
    {
        if (refusal != Refusal.None) decision.Refuse(refusal);
        return new Explanation(decision, [], Instant.Never);
    }
}
