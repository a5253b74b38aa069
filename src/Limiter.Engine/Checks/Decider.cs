using Limiter.Domain;
using Limiter.Domain.Decisions;
using Limiter.Engine.Callers;
using Limiter.Engine.Leases;

namespace Limiter.Engine.Checks;

/// <summary>
/// Decides a request whose caller and rule are known: from leases where they cover it, else by its buckets.
/// </summary>
internal sealed class Decider(Edge edge, Holders holders)
{
    /// <summary>
    /// Spends, or with <paramref name="looks"/> only looks; the answer is in <paramref name="decision"/>.
    /// </summary>
    /// <returns>True: another policy came into force meanwhile, and nothing was decided.</returns>
    public ValueTask<bool> DecideAsync(
        Check check, in Identity identity, Decision decision, bool looks, in EdgeTime now)
    {
        decision.Tenant = identity.Caller.Tenant;
        decision.Key = identity.Key?.Record.Key ?? default;
        decision.Plan = identity.Caller.Plan;
        decision.Address = identity.Address;
        if (identity.Caller.SuspendedUntil > now.Wall)
        {
            decision.RetryAt = identity.Caller.SuspendedUntil;
            decision.Refuse(Refusal.Suspended);
            return default;
        }
        var policy = identity.Caller.Policy.Policy;
        if (check.Cost is { } cost && !policy.Cost.Contains(cost))
        {
            decision.Refuse(Refusal.CostOutOfBounds);
            return default;
        }
        var tooMany = decision.Rule!.RecordsMax is { } most && check.Records > most;
        Touched touched = default;
        var spends = looks || tooMany ? 0 : decision.Cost;
        var reserveMs = looks ? null : check.ReserveMs;
        var count = Buckets.Find(holders, identity, decision.Rule.Demands, spends, ref touched);
        if (count == 0)
        {
            Degraded.Close(decision, edge);
            return default;
        }
        if (tooMany) return RefuseRecordsAsync(touched, count, decision);
        if (count == 1 ? touched[0].Holder.TryDecide(touched[0].Demand, decision, now)
            : Admission.TryDecide(ref touched, count, decision, now)) return Sealed(decision, reserveMs);
        return AskAsync(((ReadOnlySpan<Touch>)touched)[..count].ToArray(), decision, reserveMs);
    }

    private async ValueTask<bool> AskAsync(Touch[] touched, Decision decision, long? reserveMs)
    {
        var outcome = WaitOutcome.Retired;
        while (outcome == WaitOutcome.Retired)
        {
            outcome = !Buckets.TryRenew(holders, touched) ? WaitOutcome.Unreachable
                : touched.Length > 1 ? await Admission.DecideAsync(touched, decision, edge).ConfigureAwait(false)
                : await touched[0].Holder
                    .WaitAsync(touched[0].Demand, decision, false, edge.Now()).ConfigureAwait(false);
        }
        if (outcome == WaitOutcome.Outdated) return true;
        if (outcome == WaitOutcome.Unreachable) Degraded.Decide(touched, decision, edge);
        return await Sealed(decision, reserveMs).ConfigureAwait(false);
    }

    private async ValueTask<bool> RefuseRecordsAsync(Touched touched, int count, Decision decision)
    {
        // Nothing is consumed, but the client is told what is left.
        for (var i = 0; i < count; i++)
            if (!touched[i].Holder.TryDecide(touched[i].Demand, decision, edge.Now())
                && await touched[i].Holder.WaitAsync(touched[i].Demand, decision, false, edge.Now())
                    .ConfigureAwait(false) == WaitOutcome.Outdated)
                return true;
        decision.Refuse(Refusal.TooManyRecords);
        return false;
    }

    private ValueTask<bool> Sealed(Decision decision, long? reserveMs)
    {
        if (decision.Outcome != Outcome.Allowed) return default;
        decision.CheckId = RandomIds.Next();
        // Times are told in whole seconds, rounded up.
        if (reserveMs is { } reserved)
            decision.ReservedUntil = new Instant((edge.Now().Wall + reserved).UnixSecondsRoundedUp * 1_000);
        return default;
    }
}
